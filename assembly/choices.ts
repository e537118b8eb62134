/**
 * The legal choices of a tile of samples as lists, so that everything behind them costs what is legal, not what exists.
 * A choice has a slot: the position of its logit in a buffer that holds the head's rows and then the no-op logits.
 */

/** Slots of one row of logits of a dense layer with a single output. */
const SINGLE_OUTPUT_SLOTS: i32 = 8;

/**
 * Reads the mask (choice 0 no-op, then `verbs` per component) and writes, per sample, the number of legal choices and
 * of components with a legal verb (head rows), and one after the other all legal choices, their slots, and the
 * component rows behind the head rows. Returns the number of head rows, or -1 - s when sample s has no legal choice.
 */
export function listChoices(
  samples: i32,
  componentCounts: usize,
  verbs: i32,
  mask: usize,
  maskStride: usize,
  headRowSlots: i32,
  noOpSlot: i32,
  choiceCounts: usize,
  headCounts: usize,
  choices: usize,
  slots: usize,
  headRows: usize,
): i32 {
  let headRow: i32 = 0;
  let componentRow: i32 = 0;
  for (let sample: i32 = 0; sample < samples; sample++) {
    const choicesBefore = choices;
    const headRowBefore = headRow;
    store<i32>(choices, 0);
    store<i32>(slots, noOpSlot + sample * SINGLE_OUTPUT_SLOTS);
    let step = legalStep(mask);
    choices += step;
    slots += step;

    let choice: i32 = 1;
    for (let left = load<i32>(componentCounts); left > 0; left--) {
      const rowStart = choices;
      const rowSlot = headRow * headRowSlots;
      for (let verb: i32 = 0; verb < verbs; verb++) {
        store<i32>(choices, choice);
        store<i32>(slots, rowSlot + verb);
        step = legalStep(mask + choice);
        choices += step;
        slots += step;
        choice++;
      }
      store<i32>(headRows + (<usize>headRow << 2), componentRow);
      headRow += i32(choices != rowStart);
      componentRow++;
    }
    const legal = <i32>((choices - choicesBefore) >> 2);
    if (legal == 0) return -1 - sample;
    store<i32>(choiceCounts + (<usize>sample << 2), legal);
    store<i32>(headCounts + (<usize>sample << 2), headRow - headRowBefore);
    componentCounts += 4;
    mask += maskStride;
  }
  return headRow;
}

/** How far a list entry of 4 bytes moves the list's end: without a branch, which the sparse mask would mispredict. */
function legalStep(mask: usize): usize {
  return <usize>(load<u8>(mask) != 0) << 2;
}

/** Writes the logits of the legal choices into dense rows of `choiceCount` floats, `masked` everywhere else. */
export function spreadLogits(
  samples: i32,
  choiceCounts: usize,
  choices: usize,
  slots: usize,
  logits: usize,
  output: usize,
  choiceCount: i32,
  masked: f32,
): void {
  for (let sample: i32 = 0; sample < samples; sample++) {
    const rowEnd = output + (<usize>choiceCount << 2);
    for (let at = output; at < rowEnd; at += 4) store<f32>(at, masked);
    for (let left = load<i32>(choiceCounts + (<usize>sample << 2)); left > 0; left--) {
      const logit = load<f32>(logits + (<usize>load<i32>(slots) << 2));
      store<f32>(output + (<usize>load<i32>(choices) << 2), logit);
      choices += 4;
      slots += 4;
    }
    output = rowEnd;
  }
}
