/** Every format of experiments on a running system; a new one is a folder and a line here. */
import { chaosMeshFormat } from '../chaos-mesh/import-chaos-mesh.ts';
import { chaosToolkitFormat } from '../chaos-toolkit/import-chaos-toolkit.ts';
import type { FaultFormat } from './fault-format.ts';

/** In the order in which help texts show them. */
export const faultFormats: readonly FaultFormat[] = [chaosMeshFormat, chaosToolkitFormat];
