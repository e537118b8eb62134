/** Machines that an imported application fits on twice over: two in each of three zones. */
import type { NodeSection } from '../document.ts';
import type { ImportedService } from './application.ts';

/** Machines of an imported cluster. */
export const IMPORTED_NODES = 6;
const CORES = [2, 4, 8, 16, 32, 64, 96, 128];
const GIBIBYTE = 1_073_741_824;

/** The smallest usual machine size of which six hold twice what is requested, and any single replica. */
export function nodesFor(services: readonly ImportedService[]): NodeSection[] {
  const cores = sizeFor(
    services.map((service) => ({ each: service.cpuRequestCores ?? 0.25, replicas: service.replicas })),
  );
  const gibibytes = sizeFor(
    services.map((service) => ({
      each: (service.memoryRequestBytes ?? GIBIBYTE / 8) / GIBIBYTE,
      replicas: service.replicas,
    })),
  );
  const names = services.map((service) => service.name);
  const name = ['node', 'machine', 'host', 'computer'].find(
    (each) => !names.some((taken) => taken.startsWith(`${each}-`)),
  );
  return [{ name: name ?? 'cluster-node', count: IMPORTED_NODES, cores, memory: `${Math.max(4, gibibytes)}Gi` }];
}

function sizeFor(needs: readonly { each: number; replicas: number }[]): number {
  const total = needs.reduce((sum, need) => sum + need.each * need.replicas, 0);
  const wanted = Math.max((2 * total) / IMPORTED_NODES, ...needs.map((need) => 2 * need.each));
  return CORES.find((size) => size >= wanted) ?? Math.ceil(wanted);
}
