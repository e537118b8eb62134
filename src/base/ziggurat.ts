/** Tables of Marsaglia and Tsang's ziggurat for the exponential and the normal density: 256 layers of equal area. */
import { exp, log } from './math.ts';

const LAYERS = 256;

/** Where the exponential's last layer ends and its tail begins. */
export const EXPONENTIAL_TAIL = 7.697117470131049714;
const EXPONENTIAL_AREA = 3.949659822581557219977e-3;

/** Where the normal's last layer ends and its tail begins. */
export const NORMAL_TAIL = 3.654152885361008771646;
const NORMAL_AREA = 4.928673233974655347362e-3;

/** Width of each layer, lowest and widest first; layer i's part under the curve for certain is as wide as layer i + 1. */
export const exponentialWidths: Float64Array = new Float64Array(LAYERS + 1);
/** Density at the lower edge of each layer from 1 on; entry i + 1 is the upper edge of layer i. */
export const exponentialHeights: Float64Array = new Float64Array(LAYERS + 1);
/** As for the exponential, for the right half of the normal. */
export const normalWidths: Float64Array = new Float64Array(LAYERS + 1);
/** As for the exponential, for the density exp(-x^2/2). */
export const normalHeights: Float64Array = new Float64Array(LAYERS + 1);

fillLayers(exponentialWidths, exponentialHeights, {
  tail: EXPONENTIAL_TAIL,
  area: EXPONENTIAL_AREA,
  density: (x) => exp(-x),
  inverse: (height) => -log(height),
});
fillLayers(normalWidths, normalHeights, {
  tail: NORMAL_TAIL,
  area: NORMAL_AREA,
  density: (x) => exp(-0.5 * x * x),
  inverse: (height) => Math.sqrt(-2 * log(height)),
});

interface Shape {
  readonly tail: number;
  readonly area: number;
  readonly density: (x: number) => number;
  readonly inverse: (height: number) => number;
}

function fillLayers(widths: Float64Array, heights: Float64Array, { tail, area, density, inverse }: Shape): void {
  // The lowest layer holds the tail too, as if it were a box of the same area: wider than the curve's last edge.
  widths[0] = area / density(tail);
  widths[1] = tail;
  heights[1] = density(tail);
  for (let layer = 2; layer < LAYERS; layer++) {
    heights[layer] = heights[layer - 1]! + area / widths[layer - 1]!;
    widths[layer] = inverse(heights[layer]!);
  }
  widths[LAYERS] = 0;
  heights[LAYERS] = 1;
}
