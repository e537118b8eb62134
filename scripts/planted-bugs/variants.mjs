/** Bugs of the optional parts of the network: messages between neighbours, and a memory. */

export const variantBugs = [
  {
    name: 'memory-without-past',
    meaning: 'the gradient of a memory does not flow back to the decisions before',
    file: 'src/neural/memory-cell.ts',
    find: 'this.add(beforeGradients, own);',
    plant: '{ }',
    seenBy: 'tests/neural/memory.test.ts',
  },
  {
    name: 'memory-across-episodes',
    meaning: 'an episode begins with what was remembered in the one before',
    file: 'src/learn/episode-book.ts',
    find: '      this.memories[role]!.forget(index);\n',
    plant: '',
    seenBy: 'tests/learn/memory.test.ts',
  },
  {
    name: 'sequences-across-episodes',
    meaning: 'the update hands memories on where an episode ended',
    file: 'src/learn/rollout-shard.ts',
    find: '      storage.terminated[before] === 1 ||\n',
    plant: '',
    seenBy: 'tests/learn/memory.test.ts',
  },
  {
    name: 'memory-sleeps-when-forced',
    meaning: 'decisions without a choice leave no trace in the memory of the rollout',
    file: 'src/learn/rollout-shard.ts',
    find: 'if (only === SEVERAL || memories.exist) rows.select(row);',
    plant: 'if (only === SEVERAL) rows.select(row);',
    seenBy: 'tests/learn/memory.test.ts',
  },
  {
    name: 'graph-of-others',
    meaning: 'every row hears the neighbours of the first topology',
    file: 'src/neural/entity-tile.ts',
    find: 'batch.graphs?.[batch.graphOf?.[row] ?? 0]',
    plant: 'batch.graphs?.find((each) => each.dependents.starts.length === batch.counts[row]! + 1)',
    seenBy: 'tests/neural/messages.test.ts',
  },
];
