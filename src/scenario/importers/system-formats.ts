/** Every format of files that describe a system; a new one is a folder and a line here. */
import { composeFormat } from './compose/import-compose.ts';
import { kubernetesFormat } from './kubernetes/import-kubernetes.ts';
import type { SystemFormat } from './system-format.ts';

/** In the order in which help texts show them. */
export const systemFormats: readonly SystemFormat[] = [kubernetesFormat, composeFormat];
