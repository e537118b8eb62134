/** HTTPChaos: a proxy beside the process breaks, delays or rewrites what it takes and answers. */
import { z } from 'zod';
import type { FaultDraft } from '../../fault-script/fault-draft.ts';
import { fieldsLike, harmless, unread } from '../../unread-fields.ts';
import { type ChaosKind, chaosKind } from '../chaos-kind.ts';
import { duration, fields, labels, maybe, podSelectorFields, text, whole } from '../chaos-schema.ts';
import { onSelected, remarked } from '../on-selected.ts';
import { modeOf } from '../resolve-selector.ts';

const WORDS = 'what a request or an answer says does not matter here';

const schema = fields({
  ...podSelectorFields,
  target: z.enum(['Request', 'Response'], { error: 'must be Request or Response' }),
  abort: maybe(z.boolean({ error: 'must be true or false' })),
  delay: maybe(duration),
  replace: maybe(
    fields({
      code: maybe(whole({ min: 100, max: 599 })),
      ...fieldsLike(unread(WORDS), 'path', 'method', 'queries', 'body', 'headers'),
    }),
  ),
  patch: maybe(fields({})),
  port: maybe(whole({ min: 1, max: 65_535 })),
  path: maybe(text),
  method: maybe(text),
  code: maybe(whole({ min: 100, max: 599 })),
  request_headers: maybe(labels),
  response_headers: maybe(labels),
  tls: harmless,
});
type HttpSpec = z.output<typeof schema>;

/** Codes from here on are failures. */
const FAILURE_CODE = 400;

export const httpChaos: ChaosKind = chaosKind({
  kind: 'HTTPChaos',
  actions: {
    'abort (Request)': '`service.reset` of the calls that the service takes',
    'abort (Response)': '`service.cut` of the calls that the service takes',
    delay: '`service.rpc-delay`',
    'replace code': 'from 400 on `service.errors`; below -',
    'replace, patch': `- ${WORDS}`,
  },
  schema,
  read: (spec, base) =>
    onSelected(spec, base, {
      service: (selected) => {
        const target = { target: selected.service, ...modeOf(selected) };
        const { drafts, refused } = httpFaults(spec);
        return remarked({ drafts: drafts.map((draft) => ({ ...draft, ...target })), refused }, remarks(spec));
      },
    }),
});

function httpFaults({ target, abort, delay, replace, patch }: HttpSpec) {
  const drafts: Omit<FaultDraft, 'target'>[] = [];
  const refused: string[] = [];
  if (abort) {
    const [fault, parameters] =
      target === 'Request' ? ['service.reset', { resetRatio: 1 }] : ['service.cut', { cutRatio: 1 }];
    const later = Object.entries({ delay, replace, patch }).filter(([, value]) => value);
    refused.push(...later.map(([name]) => `\`${name}\` does nothing beside \`abort\`: the connection is broken off`));
    return { drafts: [{ fault, direction: 'from' as const, parameters }], refused };
  }
  if (delay) drafts.push({ fault: 'service.rpc-delay', parameters: { delaySeconds: delay } });
  const code = replace?.code;
  if (code && target === 'Request') refused.push('`replace.code` is of answers, and does nothing to a request');
  else if (code && code >= FAILURE_CODE) drafts.push({ fault: 'service.errors', parameters: { errorRatio: 1 } });
  else if (replace) refused.push('`replace` changes what a request or an answer says, which does not matter here');
  if (patch) refused.push('`patch` changes what a request or an answer says, which does not matter here');
  if (drafts.length === 0 && refused.length === 0) refused.push('it has neither abort, delay, replace nor patch');
  return { drafts, refused };
}

function remarks({ path, method, code, request_headers, response_headers }: HttpSpec): string[] {
  const narrow = [
    path && !/^\/?\*?$/.test(path) ? 'path' : '',
    method ? 'method' : '',
    code ? 'code' : '',
    Object.keys(request_headers ?? {}).length + Object.keys(response_headers ?? {}).length > 0 ? 'headers' : '',
  ].filter((word) => word !== '');
  return narrow.length === 0 ? [] : [`all requests are meant, not only those that fit by ${narrow.join(', ')}`];
}
