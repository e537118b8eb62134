/** Mean number in an M/M/c queue against its load, with the slope: the equilibrium that the occupancy curve inverts. */

/** A queue of `servers` servers; the waiting part counts `queueFactor` times, (1 + cv^2) / 2 for a service time's cv. */
export interface QueueShape {
  readonly servers: number;
  readonly queueFactor: number;
}

/** Value and slope of a function at one point. */
export interface CurvePoint {
  readonly value: number;
  readonly slope: number;
}

/** Mean number in the system at a utilisation of odds / (1 + odds), as a function of the odds, which have no upper end. */
export function meanInSystem(shape: QueueShape, odds: number): CurvePoint {
  const { servers, queueFactor } = shape;
  const idle = 1 / (1 + odds);
  const waiting = waitingChance(servers, odds * idle);
  return {
    value: servers * odds * idle + queueFactor * waiting.value * odds,
    slope: servers * idle * idle + queueFactor * (waiting.value + odds * waiting.slope * idle * idle),
  };
}

/** Erlang C, the chance to find all servers busy, as a function of the utilisation. */
function waitingChance(servers: number, utilisation: number): CurvePoint {
  if (utilisation <= 0) return { value: 0, slope: servers === 1 ? 1 : 0 };
  const offered = servers * utilisation;
  let blocking = 1;
  for (let server = 1; server <= servers; server += 1) blocking = (offered * blocking) / (server + offered * blocking);
  const blockingSlope = servers * blocking * (1 / utilisation - 1 + blocking);
  const free = 1 - utilisation * (1 - blocking);
  return {
    value: blocking / free,
    slope: (blockingSlope * (1 - utilisation) + blocking * (1 - blocking)) / (free * free),
  };
}
