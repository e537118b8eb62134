/** Kubernetes' quantities (`100m`, `128Mi`, `1e3`, `0.5`) as numbers. */

const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1_048_576,
  Gi: 1_073_741_824,
  Ti: 1_099_511_627_776,
  Pi: 1_125_899_906_842_624,
  Ei: 1024 * 1_125_899_906_842_624,
};

/** The quantity as a number, or null when it is not one, is negative or is not finite. */
export function kubernetesQuantity(quantity: string | number): number | null {
  const [, number, suffix] = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[A-Za-z]{0,2})$/.exec(String(quantity).trim()) ?? [];
  if (number === undefined || suffix === undefined) return null;
  const isExponent = /^[eE][+-]?\d/.test(suffix);
  if (!isExponent && !Object.hasOwn(FACTORS, suffix)) return null;
  // 100m must be 0.1 exactly, so thousandths divide.
  const value = isExponent ? Number(number + suffix) : scaled(Number(number), suffix);
  return Number.isFinite(value) ? value : null;
}

function scaled(number: number, suffix: string): number {
  return suffix === 'm' ? number / 1000 : number * (FACTORS[suffix] ?? 1);
}
