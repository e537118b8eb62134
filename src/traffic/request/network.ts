/**
 * The network of the request engine: each message finds on every link what waits in front of it, may lose packets that
 * are sent again, and is delayed at the ports of the two replicas.
 */

import { RandomStreams, type StateLayout, type Table } from '../../base/index.ts';
import {
  linkBetween,
  spreadDraw,
  sumOfPorts,
  type TrafficContext,
  unionOfPorts,
  Way,
  wayBetween,
} from '../../cluster/index.ts';
import { allPass, frameWaitSeconds, packetsOf, RETRANSMIT_SECONDS, RETRANSMITS_MAX } from '../packets.ts';
import { emptyLinkSeconds, LINK_WIDTH, LinkField, linkRows, refreshLinkRow } from './link-rows.ts';

const { backlogBytes, atMicros, callBytes, callRate, waitSum, waits, rate, bufferBytes, foreignBytes } = LinkField;
const { overloadPasses, frameWait, latency, effectDelay, jitter, passesIn, passesOut, copies, secondsPerByte } =
  LinkField;
const { overBytes } = LinkField;

/** What a message has met so far, in `#trip`. */
const PASSES = 0;
const SECONDS = 1;

/** Carries messages between replicas and to users. */
export class Network {
  readonly #context: TrafficContext;
  readonly #rows: Table<{ value: 'f64' }>;
  readonly #clock: Table<{ settledMicros: 'f64'; ratedMicros: 'f64' }>;
  /** 1 where a port of the edge has an effect. */
  readonly #ported: Table<{ value: 'u8' }>;
  /** Two streams per edge: packets and the delay at ports; then one per link. */
  readonly #streams: RandomStreams;
  readonly #calls: number;
  readonly #edges: number;
  readonly #service: Int32Array;
  readonly #caller: Int32Array;
  readonly #timeout: Float64Array;
  /** Bytes and packets of the request and the response of each edge. */
  readonly #bytes: Float64Array;
  readonly #packets: Int32Array;
  readonly #trip: Float64Array = new Float64Array(2);

  constructor(layout: StateLayout, context: TrafficContext) {
    const { calls, workloads } = context.spec;
    const edges = [...calls, ...workloads];
    this.#context = context;
    this.#rows = linkRows(layout, context.topology.links);
    this.#clock = layout.table('request.networkClock', 1, { settledMicros: 'f64', ratedMicros: 'f64' });
    this.#ported = layout.table('request.ported', edges.length, { value: 'u8' });
    this.#streams = new RandomStreams(layout, streamNames(context), 'request.networkRandom');
    this.#calls = calls.length;
    this.#edges = edges.length;
    this.#service = Int32Array.from([...calls.map(({ callee }) => callee), ...workloads.map(({ service }) => service)]);
    this.#caller = Int32Array.from([...calls.map(({ caller }) => caller), ...workloads.map(() => -1)]);
    this.#timeout = Float64Array.from(edges, ({ timeoutSeconds }) => timeoutSeconds);
    this.#bytes = Float64Array.from(edges.flatMap(({ requestBytes, responseBytes }) => [requestBytes, responseBytes]));
    this.#packets = Int32Array.from(this.#bytes, packetsOf);
  }

  /** Empty links at time 0. */
  reset(seed: number | string): void {
    const rows = this.#rows.value;
    rows.fill(0);
    for (let at = overloadPasses; at < rows.length; at += LINK_WIDTH) rows[at] = 1;
    this.#clock.settledMicros[0] = 0;
    this.#clock.ratedMicros[0] = 0;
    this.#streams.seed(seed);
    this.refresh();
  }

  /** Draws the rest from other streams. */
  reseed(seed: number | string): void {
    this.#streams.seed(seed);
  }

  /** Effects have changed. */
  refresh(): void {
    const { topology } = this.#context;
    for (let link = 0; link < topology.links; link += 1) {
      refreshLinkRow(this.#rows.value, this.#context, link);
      this.#expectOverload(link);
      this.#refreshFrameWait(link);
    }
    for (let edge = 0; edge < this.#edges; edge += 1) this.#ported.value[edge] = this.#hasPortEffect(edge) ? 1 : 0;
  }

  /** Seconds until a request has arrived whole; Infinity = never. Users are replica -1. */
  requestSeconds(edge: number, fromReplica: number, toReplica: number, nowMicros: number): number {
    return this.#carry(edge, fromReplica, toReplica, nowMicros, true);
  }

  /** The same for the response, which goes from `toReplica` back to `fromReplica`. */
  responseSeconds(edge: number, fromReplica: number, toReplica: number, nowMicros: number): number {
    return this.#carry(edge, fromReplica, toReplica, nowMicros, false);
  }

  /** Brings the meters of links up to a time, and every tick what found no room in their buffers. */
  settle(toMicros: number): void {
    const clock = this.#clock;
    const elapsed = (toMicros - clock.settledMicros[0]!) / 1e6;
    const since = (toMicros - clock.ratedMicros[0]!) / 1e6;
    const rated = since >= this.#context.spec.tickSeconds;
    clock.settledMicros[0] = toMicros;
    if (rated) clock.ratedMicros[0] = toMicros;
    for (let link = 0; link < this.#context.topology.links; link += 1) {
      this.#drain(link, toMicros);
      if (elapsed > 0) this.#meter(link, elapsed);
      if (!rated) continue;
      const rows = this.#rows.value;
      const at = link * LINK_WIDTH;
      const offered = rows[at + callBytes]! + rows[at + foreignBytes]! * since;
      rows[at + overloadPasses] = offered > 0 ? Math.max(0, 1 - rows[at + overBytes]! / offered) : 1;
      rows[at + callRate] = rows[at + callBytes]! / since;
      rows[at + callBytes] = 0;
      rows[at + overBytes] = 0;
      this.#refreshFrameWait(link);
    }
  }

  #carry(edge: number, fromReplica: number, toReplica: number, nowMicros: number, isRequest: boolean): number {
    const { node } = this.#context.state.replicas;
    const trip = this.#trip;
    const message = 2 * edge + (isRequest ? 0 : 1);
    const bytes = this.#bytes[message]!;
    const fromNode = fromReplica < 0 ? -1 : node[fromReplica]!;
    const toNode = node[toReplica]!;
    trip[PASSES] = 1;
    trip[SECONDS] = 0;
    if (toNode >= 0 && fromNode !== toNode) {
      this.#cross(toNode, isRequest ? Way.in : Way.out, bytes, nowMicros);
      if (fromNode >= 0) {
        this.#cross(fromNode, isRequest ? Way.out : Way.in, bytes, nowMicros);
        const between = linkBetween(this.#context, fromNode, toNode);
        const towards = isRequest ? fromNode : toNode;
        if (between >= 0) this.#cross(between, wayBetween(this.#context, between, towards), bytes, nowMicros);
      }
    }
    if (this.#ported.value[edge] === 1) this.#passPorts(edge, fromReplica, toReplica, isRequest);
    const passes = trip[PASSES]!;
    if (passes >= 1) return trip[SECONDS]!;
    return trip[SECONDS]! + this.#retransmitSeconds(edge, passes, this.#packets[message]!);
  }

  /** One link on the way of a message. */
  #cross(link: number, way: number, bytes: number, nowMicros: number): void {
    const rows = this.#rows.value;
    const trip = this.#trip;
    const meter = this.#context.meters.links;
    const at = link * LINK_WIDTH;
    this.#drain(link, nowMicros);
    const wait = rows[at + backlogBytes]! / rows[at + rate]!;
    const sent = bytes * rows[at + copies]!;
    const passes = rows[at + (way === Way.in ? passesIn : passesOut)]! * rows[at + overloadPasses]!;
    // An empty link takes a message of any length.
    const taken = Math.min(sent, Math.max(0, Math.max(sent, rows[at + bufferBytes]!) - rows[at + backlogBytes]!));
    rows[at + backlogBytes]! += taken;
    rows[at + overBytes]! += sent - taken;
    rows[at + callBytes]! += sent;
    rows[at + waitSum]! += wait;
    rows[at + waits]! += 1;
    meter.offeredBytes[link]! += sent;
    meter.callBytes[link]! += sent * passes;
    if (passes < 1) meter.lostBytes[link]! += sent * (1 - passes);
    const spread = rows[at + jitter]!;
    const added = spread > 0 ? this.#spread(link, spread) : rows[at + effectDelay]!;
    trip[PASSES]! *= passes;
    trip[SECONDS]! += rows[at + latency]! + rows[at + frameWait]! + wait + added + bytes * rows[at + secondsPerByte]!;
  }

  /** What waits drains at the rate that foreign traffic leaves, or grows by what it brings too much. */
  #drain(link: number, nowMicros: number): void {
    const rows = this.#rows.value;
    const at = link * LINK_WIDTH;
    const isEmpty = rows[at + backlogBytes] === 0 && rows[at + foreignBytes] === 0;
    const elapsed = Math.max(0, nowMicros - rows[at + atMicros]!) / 1e6;
    rows[at + atMicros] = nowMicros;
    if (isEmpty) return;
    const grown = rows[at + backlogBytes]! + (rows[at + foreignBytes]! - rows[at + rate]!) * elapsed;
    // A message longer than the buffer, or what a buffer held that has shrunk, drains; foreign traffic gets no such room.
    const drained = rows[at + backlogBytes]! - rows[at + rate]! * elapsed;
    const left = Math.max(0, drained, Math.min(rows[at + bufferBytes]!, grown));
    rows[at + backlogBytes] = left;
    if (grown > left) rows[at + overBytes]! += grown - left;
  }

  #spread(link: number, deviation: number): number {
    const seconds = this.#rows.value[link * LINK_WIDTH + effectDelay]!;
    return spreadDraw(seconds, deviation, this.#streams.uniform(2 * this.#edges + link));
  }

  /** A port's delay is for the way there and back together: it counts on the way there. */
  #passPorts(edge: number, fromReplica: number, toReplica: number, isRequest: boolean): void {
    const { topology, effects } = this.#context;
    const { portRequestLoss, portResponseLoss, portDelay, portJitter } = effects.values;
    const caller = this.#caller[edge]!;
    const calleePort = topology.calleePortStart[edge]! + toReplica - topology.replicaStart[this.#service[edge]!]!;
    const callerPort = caller < 0 ? -1 : topology.callerPortStart[edge]! + fromReplica - topology.replicaStart[caller]!;
    const trip = this.#trip;
    trip[PASSES]! *= 1 - unionOfPorts(isRequest ? portRequestLoss : portResponseLoss, callerPort, calleePort);
    if (!isRequest) return;
    if (sumOfPorts(portJitter, callerPort, calleePort) === 0) {
      trip[SECONDS]! += sumOfPorts(portDelay, callerPort, calleePort);
      return;
    }
    const stream = 2 * edge + 1;
    trip[SECONDS]! += spreadDraw(portDelay[calleePort]!, portJitter[calleePort]!, this.#streams.uniform(stream));
    if (callerPort < 0) return;
    trip[SECONDS]! += spreadDraw(portDelay[callerPort]!, portJitter[callerPort]!, this.#streams.uniform(stream));
  }

  /** Retransmissions until the rest of the message is there; none of them outlasts the caller's patience. */
  #retransmitSeconds(edge: number, passes: number, packets: number): number {
    if (passes <= 0) return Infinity;
    const stream = 2 * edge;
    if (this.#streams.uniform(stream) < allPass(passes, packets)) return 0;
    let added = RETRANSMIT_SECONDS;
    for (let count = 1; count <= RETRANSMITS_MAX && added <= this.#timeout[edge]!; count += 1) {
      if (this.#streams.uniform(stream) < passes) return added;
      added = 2 * added + RETRANSMIT_SECONDS;
    }
    return Infinity;
  }

  /** Foreign traffic that is too much by itself fills a buffer in no time: no need to wait for what a tick will show. */
  #expectOverload(link: number): void {
    const rows = this.#rows.value;
    const at = link * LINK_WIDTH;
    const foreign = rows[at + foreignBytes]!;
    if (foreign <= rows[at + rate]!) return;
    rows[at + overloadPasses] = rows[at + rate]! / (rows[at + callRate]! + foreign);
  }

  /** What waits among foreign packets; the queue of a link that is too small stands in its backlog. */
  #refreshFrameWait(link: number): void {
    const rows = this.#rows.value;
    const at = link * LINK_WIDTH;
    const carried = rows[at + rate]!;
    const foreign = rows[at + foreignBytes]!;
    const utilisation = (rows[at + callRate]! + foreign) / carried;
    const isShared = foreign > 0 && utilisation < 1;
    const most = rows[at + bufferBytes]! / carried;
    rows[at + frameWait] = isShared ? Math.min(most, frameWaitSeconds(utilisation, carried)) : 0;
  }

  #meter(link: number, elapsed: number): void {
    const rows = this.#rows.value;
    const meter = this.#context.meters.links;
    const at = link * LINK_WIDTH;
    const met = rows[at + waits]!;
    const wait = met > 0 ? rows[at + waitSum]! / met : rows[at + backlogBytes]! / rows[at + rate]!;
    rows[at + waitSum] = 0;
    rows[at + waits] = 0;
    meter.delaySeconds[link]! += elapsed * (emptyLinkSeconds(rows, link) + rows[at + frameWait]! + wait);
    const foreign = elapsed * rows[at + foreignBytes]!;
    if (foreign === 0) return;
    const passes = (rows[at + overloadPasses]! * (rows[at + passesIn]! + rows[at + passesOut]!)) / 2;
    meter.offeredBytes[link]! += foreign;
    meter.foreignBytes[link]! += foreign * passes;
    meter.lostBytes[link]! += foreign * (1 - passes);
  }

  #hasPortEffect(edge: number): boolean {
    const { topology, effects } = this.#context;
    const { portRequestLoss, portResponseLoss, portDelay, portJitter } = effects.values;
    const touched = (first: number, end: number): boolean => {
      for (let port = first; port < end; port += 1) {
        const loss = portRequestLoss[port]! + portResponseLoss[port]!;
        if (loss + portDelay[port]! + portJitter[port]! > 0) return true;
      }
      return false;
    };
    const { callerPortStart, calleePortStart } = topology;
    if (touched(calleePortStart[edge]!, calleePortStart[edge + 1]!)) return true;
    return edge < this.#calls && touched(callerPortStart[edge]!, callerPortStart[edge + 1]!);
  }
}

function streamNames({ spec, topology }: TrafficContext): string[] {
  const edges = [
    ...spec.calls.map((_, index) => `call/${index}`),
    ...spec.workloads.map(({ name }) => `workload/${name}`),
  ];
  const links = topology.componentNames.slice(topology.offsets.link, topology.offsets.disk);
  return [
    ...edges.flatMap((edge) => [`${edge}/packets`, `${edge}/portDelay`]),
    ...links.map((link) => `link/${link}/delay`),
  ];
}
