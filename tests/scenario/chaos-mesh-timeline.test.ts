/** When schedules and workflows of Chaos Mesh do what, and which files are refused. */
import { describe, expect, test } from 'vitest';
import { CART, mesh, object } from './chaos-mesh.ts';
import { errorOf } from './errors.ts';

describe('a timeline', () => {
  const step = (name: string, deadline: string) =>
    `{ name: ${name}, templateType: NetworkChaos, deadline: ${deadline}, networkChaos: { mode: all, selector: { labelSelectors: { app: ${name} } }, action: partition } }`;
  const workflow = (entry: string, ...templates: string[]) =>
    object('Workflow', `\n  entry: ${entry}\n  templates:\n${templates.map((each) => `  - ${each}\n`).join('')}`);
  const times = (...documents: string[]) =>
    mesh(...documents).script.map(
      ({ target, startSeconds, durationSeconds }) => `${target} ${startSeconds}+${durationSeconds}`,
    );

  test('of a serial workflow has its steps one after another, with pauses', () => {
    const serial = '{ name: s, templateType: Serial, deadline: 90s, children: [cart, wait, web, cart] }';
    const wait = '{ name: wait, templateType: Suspend, deadline: 10s }';
    expect(times(workflow('s', serial, wait, step('cart', '20s'), step('web', '50s')))).toEqual([
      'cart 0+20',
      'web 30+50',
      'cart 80+10',
    ]);
  });

  test('of a parallel workflow has them at once, within each other too', () => {
    const templates = [
      '{ name: s, templateType: Serial, children: [p, stock] }',
      '{ name: p, templateType: Parallel, children: [cart, web] }',
      step('cart', '20s'),
      step('web', '45s'),
      step('stock', '5s'),
    ];
    expect(times(workflow('s', ...templates))).toEqual(['cart 0+20', 'web 0+45', 'stock 45+5']);
  });

  test('lists what is never reached behind a step without an end', () => {
    const templates = [
      '{ name: s, templateType: Serial, children: [cart, web] }',
      step('cart', '20s').replace(', deadline: 20s', ''),
      step('web', '5s'),
    ];
    const { script, report } = mesh(workflow('s', ...templates));
    expect(script).toMatchObject([{ target: 'cart', durationSeconds: 900 }]);
    expect(report.notImported).toEqual([expect.stringContaining('step web is never reached')]);
  });

  test('lists a task and its branches, and goes on with the rest', () => {
    const templates = [
      '{ name: s, templateType: Serial, children: [t, cart] }',
      '{ name: t, templateType: Task, task: { container: {} }, conditionalBranches: [{ target: web, expression: "x" }] }',
      step('cart', '20s'),
      step('web', '50s'),
    ];
    const other = object(
      'NetworkChaos',
      `{ mode: all, selector: { labelSelectors: { app: stock } }, action: partition }`,
    );
    expect(times(workflow('s', ...templates), other)).toEqual(['cart 0+20', 'stock 0+900']);
    expect(mesh(workflow('s', ...templates)).report.notImported).toEqual([
      'Workflow x (file-1:1), step t: a Task runs a container and goes on by what it says, which a script cannot do; so web is left out with it',
    ]);
  });

  test('refuses circles and unknown steps where they stand', () => {
    const refusal = (...templates: string[]) => errorOf(() => mesh(workflow('s', ...templates)));
    expect(refusal('{ name: s, templateType: Serial, children: [s] }').message).toContain('circle');
    expect(refusal('{ name: s, templateType: Parallel, children: [s, s] }').message).toContain('circle');
    expect(refusal('{ name: s, templateType: Serial, children: [gone] }').message).toContain('no template "gone"');
    expect(refusal('{ name: s, templateType: PodChoas }').hint).toContain('PodChaos');
  });

  test('of a schedule repeats within the contest', () => {
    const schedule = (fields: string, chaos = `podChaos: { mode: one, ${CART}, action: pod-kill }, type: PodChaos`) =>
      times(object('Schedule', `{ ${fields}, ${chaos} }`));
    expect(schedule('schedule: "@every 4m"')).toEqual(['cart 240+1', 'cart 480+1']);
    expect(schedule('schedule: "30 */4 * * * *"')).toEqual(['cart 0+1', 'cart 240+1', 'cart 480+1']);
    expect(schedule('schedule: "0 9 * * MON-FRI"')).toEqual(['cart 0+1']);
    const network = `networkChaos: { mode: all, ${CART}, action: partition, duration: 90s }, type: NetworkChaos`;
    expect(schedule('schedule: "* * * * *", concurrencyPolicy: Forbid', network)).toHaveLength(5);
    const both = [
      object('Schedule', `{ schedule: "5 * * * *", ${network} }`, 'a'),
      object('Schedule', `{ schedule: "7 * * * *", ${network} }`, 'b'),
    ];
    expect(times(...both)).toEqual(['cart 0+90', 'cart 120+90']);
  });

  test('of all pods killed again and again is one fault with an interval', () => {
    const { script } = mesh(
      object(
        'Schedule',
        `{ schedule: "@every 30s", type: PodChaos, podChaos: { mode: all, ${CART}, action: pod-kill } }`,
      ),
    );
    expect(script).toMatchObject([
      { fault: 'service.kill', startSeconds: 30, durationSeconds: 570, parameters: { intervalSeconds: 30 } },
    ]);
  });

  test('begins with each object at the time that its annotation says', () => {
    const at = (start: string, document: string) =>
      document.replace('{ name: x }', `{ name: x, annotations: { deepl-ops/start: ${start} } }`);
    const cart = object('NetworkChaos', `{ mode: all, ${CART}, action: partition, duration: 30s }`);
    const schedule = object(
      'Schedule',
      `{ schedule: "@every 4m", type: PodChaos, podChaos: { mode: one, ${CART}, action: pod-kill } }`,
    );
    expect(times(at('1m30s', cart), at('100s', workflow('web', step('web', '5s'))))).toEqual([
      'cart 90+30',
      'web 100+5',
    ]);
    expect(times(at('2m', schedule))).toEqual(['cart 360+1']);
    const error = errorOf(() => mesh(at('soon', cart)));
    expect([error.code, error.place?.line, error.message]).toEqual([
      'MANIFEST_INVALID',
      3,
      'NetworkChaos x (file-1:1) metadata.annotations.deepl-ops/start: "soon" is not a duration such as 30s or 1m30s',
    ]);
  });

  test('makes the contest longer where it does not fit, and leaves out what does not fit into a day', () => {
    const serial = '{ name: s, templateType: Serial, children: [wait, cart] }';
    const wait = (deadline: string) => `{ name: wait, templateType: Suspend, deadline: ${deadline} }`;
    const { scenario, yaml } = mesh(workflow('s', serial, wait('20m'), step('cart', '5m')));
    expect(scenario.contest.contestSeconds).toBe(1500);
    expect(yaml).toContain('longer than before');
    expect(errorOf(() => mesh(workflow('s', serial, wait('30h'), step('cart', '5m')))).hint).toContain(
      'more than a day',
    );
  });

  test('says what it skips: paused objects, status checks, other objects, and overlaps', () => {
    const paused = object('PodChaos', `{ mode: one, ${CART}, action: pod-kill }`).replace(
      'metadata: { name: x }',
      'metadata: { name: x, annotations: { experiment.chaos-mesh.org/pause: "true" } }',
    );
    const other = 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }';
    const delay = object('NetworkChaos', `{ mode: all, ${CART}, action: partition, duration: 30s }`, 'again');
    const check = workflow(
      's',
      '{ name: s, templateType: Parallel, children: [c, cart] }',
      step('cart', '9s'),
      '{ name: c, templateType: StatusCheck, statusCheck: { mode: Continuous } }',
    );
    const { report } = mesh(paused, other, check, delay);
    expect(report.notImported).toEqual([
      expect.stringMatching(/Secret s .*no experiment/),
      expect.stringMatching(/PodChaos x .*it is paused/),
      expect.stringMatching(/step c: the simulated system has objectives/),
    ]);
    expect(report.approximated).toEqual([expect.stringContaining('there is a service.partition on cart already')]);
  });
});

describe('files', () => {
  const wrong: [what: string, text: string, code: string, says: RegExp, line: number | undefined][] = [
    ['nothing', '', 'MANIFEST_EMPTY', /no Chaos Mesh experiment/, undefined],
    ['other objects', 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }', 'MANIFEST_EMPTY', /./, undefined],
    ['text', 'hello', 'MANIFEST_INVALID', /must be a map/, 1],
    ['an unknown kind', object('PodChoas', '{}'), 'MANIFEST_INVALID', /no kind of experiment "PodChoas"/, 4],
    [
      'an unknown action',
      object('PodChaos', `{ mode: one, ${CART}, action: pod-kil }`),
      'MANIFEST_INVALID',
      /action: must be one of pod-kill/,
      4,
    ],
    ['no mode', object('PodChaos', `{ ${CART}, action: pod-kill }`), 'MANIFEST_INVALID', /mode: must be one of one/, 4],
    [
      'a wrong duration',
      object('PodChaos', `{ mode: one, ${CART}, action: pod-kill, duration: 5 }`),
      'MANIFEST_INVALID',
      /"5" is not a duration/,
      4,
    ],
    [
      'a missing part',
      object('NetworkChaos', `{ mode: one, ${CART}, action: loss }`),
      'MANIFEST_INVALID',
      /loss: is missing/,
      4,
    ],
    [
      'a wrong schedule',
      object('Schedule', '{ schedule: hourly, type: PodChaos, podChaos: {} }'),
      'MANIFEST_INVALID',
      /neither a cron schedule/,
      4,
    ],
    [
      'a schedule of nothing',
      object('Schedule', '{ schedule: "@hourly", type: PodChaos }'),
      'MANIFEST_INVALID',
      /podChaos: is missing/,
      4,
    ],
  ];
  for (const [what, text, code, says, line] of wrong) {
    test(`with ${what} are refused`, () => {
      const error = errorOf(() => mesh(text));
      expect([error.code, error.place?.line]).toEqual([code, line]);
      expect(error.message).toMatch(says);
    });
  }
});
