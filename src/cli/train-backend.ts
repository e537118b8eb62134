/** The numeric backend of a training run: prepared for a new run, or the one that an old run has been computed with. */
import { DeeplOpsError } from '../base/index.ts';
import type { RunFolder } from '../learn/index.ts';
import { type BackendLibrary, type PreparedBackend, prepareBackend } from '../neural/index.ts';

/** The fact under which a run's card names the library that computes its networks. */
export const LIBRARY_FACT = 'numericLibrary';

const libraries: readonly BackendLibrary[] = ['simd', 'tfjs-node', 'tfjs-wasm'];

/** The backend of a run that goes on: its own, to the last bit, as another one rounds differently. */
export function backendOfRun({ card }: RunFolder, wanted: string | undefined): Promise<PreparedBackend> {
  const { backend } = card.settings;
  if (wanted !== undefined && wanted !== backend) {
    throw new DeeplOpsError('USAGE', `this run has been computed with --backend ${backend}, not ${wanted}`, {
      hint: 'Leave --backend out to go on with it, or begin a new run.',
    });
  }
  const recorded = libraries.find((library) => library === card.about[LIBRARY_FACT]);
  return prepareBackend(backend, recorded);
}

/** What a line about the run says of its backend, where there is a choice. */
export function backendNote({ name, library, fallbackReason }: PreparedBackend): string {
  if (name === 'simd') return '';
  return `, networks computed by ${library}${fallbackReason === undefined ? '' : ` (${fallbackReason})`}`;
}
