/** The Istio driver: proxies of a mesh delay or abort requests to a service. */
import { z } from 'zod';
import { duration } from '../../chaos-mesh/chaos-schema.ts';
import type { FaultDraft } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type DriverAction, driverAction } from '../driver-action.ts';
import { number, text } from '../experiment-schema.ts';

const MODULE = 'chaosistio.fault.actions';
const IS_MAP = { error: 'must be a map of arguments' };

const percentage = number({ min: 0, max: 100 }).nullish();
const route = { routes: unread('all routes to a service are meant'), ...fieldsLike(harmless, 'version') };
const service = z.looseObject({ virtual_service_name: text, ...route }, IS_MAP);
const delay = z.looseObject({ virtual_service_name: text, fixed_delay: duration, percentage, ...route }, IS_MAP);
const abort = z.looseObject(
  { virtual_service_name: text, http_status: number({ min: 100, max: 599 }), percentage, ...route },
  IS_MAP,
);

function faultAction<Given extends { virtual_service_name: string }>(form: {
  readonly func: string;
  readonly becomes: string;
  readonly schema: z.ZodType<Given, unknown>;
  readonly sort: string;
  readonly draft: (given: Given) => Omit<FaultDraft, 'target'>;
}): DriverAction {
  return driverAction({
    module: MODULE,
    func: form.func,
    becomes: form.becomes,
    schema: form.schema,
    read: (given, { base }) => {
      const name = given.virtual_service_name;
      const target = base.serviceOfHost(name);
      if (target === undefined)
        return { kind: 'nothing', reason: `no service is called ${name.slice(0, 80)} (--bind)` };
      const drafts = [{ ...form.draft(given), target, mode: 'all' as const }];
      return { kind: 'starts', experiment: { drafts, refused: [] }, key: `${form.sort}/${name}/` };
    },
  });
}

function endAction(func: string, sort: string): DriverAction {
  return driverAction({
    module: MODULE,
    func,
    becomes: 'the end of that',
    schema: service,
    read: ({ virtual_service_name: name }) => ({ kind: 'ends', keys: `${sort}/${name}/` }),
  });
}

export const istioActions: readonly DriverAction[] = [
  faultAction({
    func: 'add_delay_fault',
    becomes: '`service.rpc-delay`',
    schema: delay,
    sort: 'delay',
    draft: ({ fixed_delay, percentage: percent }) => {
      const ratio = (percent ?? 100) / 100;
      const notes = ratio < 1 ? [`every request waits its share, not ${percent} % of them all of it`] : [];
      return { fault: 'service.rpc-delay', parameters: { delaySeconds: ratio * fixed_delay }, notes };
    },
  }),
  endAction('remove_delay_fault', 'delay'),
  faultAction({
    func: 'add_abort_fault',
    becomes: '`service.errors`',
    schema: abort,
    sort: 'abort',
    draft: ({ percentage: percent }) => ({
      fault: 'service.errors',
      parameters: { errorRatio: (percent ?? 100) / 100 },
    }),
  }),
  endAction('remove_abort_fault', 'abort'),
];
