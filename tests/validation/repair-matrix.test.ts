/** The table of faults against repairs: a few of its pairs run for real, and the page that is made of it. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { faultCatalogueMarkdown, faultKinds, toolNamesMarkdown } from '../../src/faults/index.ts';
import { repairCatalogueMarkdown, repairVerbIndex, repairVerbs } from '../../src/repairs/index.ts';
import { readScenario } from '../../src/scenario/index.ts';
import { faultsPage, type MatrixRow, measuredPartOf, measureRepairMatrix } from '../../src/validation/index.ts';

const page = readFileSync('docs/faults.md', 'utf8');

describe('docs/faults.md (npm run faults-doc writes it anew)', () => {
  test('carries both catalogues and the names of other tools as they are', () => {
    expect(page).toBe(faultsPage(measuredPartOf(page)));
    expect(page).toContain(faultCatalogueMarkdown());
    expect(page).toContain(toolNamesMarkdown());
    expect(page).toContain(repairCatalogueMarkdown());
  });

  test('compares every fault with every repair', () => {
    const table = page.slice(page.indexOf('| fault | on |')).trim().split('\n');
    const columns = repairVerbs.map(({ name }) => name.slice(name.indexOf('.') + 1));
    expect(table[0]).toBe(`| fault | on | left alone | ${columns.join(' | ')} |`);
    const measured = new Set(table.slice(2).map((line) => line.split('`')[1]));
    // Nobody in the default scenario has a pool of connections that could linger.
    const unmeasured = faultKinds.filter(({ name }) => !measured.has(name)).map(({ name }) => name);
    expect(unmeasured).toEqual(['service.slow-close']);
    expect(page).toContain('left out: `service.slow-close`.');
  });
});

describe('a fault against all repairs', () => {
  let rows: readonly MatrixRow[] = [];
  beforeAll(() => {
    const scenario = readScenario('scenarios/online-boutique.yaml');
    rows = measureRepairMatrix(scenario, {
      seeds: 1,
      faults: ['service.errors', 'service.kill', 'disk.fill'],
      repairs: [
        'service.restart',
        'service.reschedule',
        'service.scale-out',
        'service.shed-load',
        'link.throttle',
        'disk.free-space',
      ],
    });
  });

  /** By fault and whether the component is the shop's one store. */
  function effect(repair: string, fault: string, sort: string): unknown {
    return rows.find((row) => row.fault.fault === fault && row.fault.sort === sort)?.effects[repairVerbIndex(repair)];
  }

  test('a restart cures a process that went wrong, and one replica more does not', () => {
    expect(effect('service.restart', 'service.errors', 'service')).toBe('cures');
    expect(effect('service.scale-out', 'service.errors', 'service')).not.toBe('cures');
  });

  test('a restart in place cures no replica that crashes where it is, another machine does', () => {
    expect(effect('service.restart', 'service.kill', 'store')).toBe('worsens');
    expect(effect('service.reschedule', 'service.kill', 'store')).toBe('cures');
  });

  test('room is made on a full disk, on the disk itself', () => {
    expect(effect('disk.free-space', 'disk.fill', 'disk')).toBe('cures');
    expect(effect('service.shed-load', 'disk.fill', 'disk')).not.toBe('cures');
  });

  test('a repair that nothing calls for is not on offer', () => {
    expect(effect('link.throttle', 'service.errors', 'service')).toBeNull();
    expect(effect('disk.free-space', 'service.errors', 'store')).toBeNull();
  });
});
