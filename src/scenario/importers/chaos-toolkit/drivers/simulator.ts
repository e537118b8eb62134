/** Faults as our own journals name them, so that a journal can be read back. */
import { z } from 'zod';
import { type Direction, faultModes } from '../../../../faults/index.ts';
import { type DriverAction, driverAction } from '../driver-action.ts';
import { number, text } from '../experiment-schema.ts';

/** Module and function under which journals name a fault of the simulator. */
export const SIMULATOR_MODULE = 'deepl_ops';
export const START_FAULT = 'start_fault';

const directions: readonly Direction[] = ['to', 'from', 'both'];

const schema = z.looseObject(
  {
    fault: text,
    target: text,
    severity: text.nullish(),
    duration: number({ min: 0, max: 1e7 }).nullish(),
    peer: text.nullish(),
    direction: z.enum(directions).nullish(),
    mode: z.enum(faultModes).nullish(),
    value: number({ min: 0, max: 1e6 }).nullish(),
    parameters: z.record(z.string(), number({ min: 0, max: 1e15 }), { error: 'must be a map' }).nullish(),
  },
  { error: 'must be a map of arguments' },
);

export const simulatorActions: readonly DriverAction[] = [
  driverAction({
    module: SIMULATOR_MODULE,
    func: START_FAULT,
    becomes: 'the fault that it names',
    schema,
    read: ({ fault, target, severity, duration, peer, direction, mode, value, parameters }) => ({
      kind: 'starts',
      experiment: {
        drafts: [
          {
            fault,
            target,
            ...(severity ? { severity } : {}),
            ...(peer ? { peer } : {}),
            ...(direction ? { direction } : {}),
            ...(mode ? { mode } : {}),
            ...(typeof value === 'number' ? { value } : {}),
            ...(parameters ? { parameters } : {}),
          },
        ],
        refused: [],
      },
      ...(typeof duration === 'number' && duration > 0 ? { seconds: duration } : {}),
    }),
  }),
];
