/** Sine and cosine by their series, because `Math.sin` is not the same on every JavaScript engine. */

/** Terms up to the 19th power: exact to 1e-11 within a quarter turn. */
const TERMS = 9;

/** The sine of an angle in radians, to about 1e-11. */
export function sine(angle: number): number {
  const turned = angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI) + 0.5);
  // The sine is the same on both sides of a quarter turn, and the series best near zero.
  const reflected = Math.abs(turned) > Math.PI / 2 ? Math.sign(turned) * Math.PI - turned : turned;
  const square = reflected * reflected;
  let sum = 1;
  for (let term = TERMS; term > 0; term--) sum = 1 - (square / (2 * term * (2 * term + 1))) * sum;
  return reflected * sum;
}

/** The cosine of an angle in radians, to about 1e-11. */
export function cosine(angle: number): number {
  return sine(angle + Math.PI / 2);
}
