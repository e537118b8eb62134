/**
 * How messages become packets, and how lost ones are sent again: after a time-out of 200 ms that doubles (RFC 6298, with
 * the shortest time-out of Linux), so that small messages come late rather than never.
 */

/** A segment of 1460 bytes fills an Ethernet frame. */
const PACKET_BYTES = 1460;

/** First retransmission time-out. */
export const RETRANSMIT_SECONDS = 0.2;

/** Retransmissions before a connection gives up. */
export const RETRANSMITS_MAX = 12;

/** A full Ethernet frame: what queues in front of a packet. */
const FRAME_BYTES = 1500;

/** Packets of a message. */
export function packetsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PACKET_BYTES));
}

/** Chance that all packets of a message pass when each does with `passes`. */
export function allPass(passes: number, packets: number): number {
  let result = 1;
  let square = passes;
  for (let rest = packets; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** Mean wait for the packets in front, as in an M/M/1 queue of frames; the link carries less than its capacity. */
export function frameWaitSeconds(utilisation: number, bytesPerSecond: number): number {
  return ((FRAME_BYTES / bytesPerSecond) * utilisation) / (1 - utilisation);
}
