/** Lays sections of a document over each other: later ones win field by field, nested sections included. */

/** The defaults with every stated field of the overlays put over them, left to right. */
export function layered<Defaults extends object, Overlay extends object>(
  defaults: Defaults,
  ...overlays: readonly Overlay[]
): Defaults & Overlay {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(defaults));
  for (const overlay of overlays) {
    for (const [key, value] of Object.entries(overlay)) {
      if (value === undefined) continue;
      const below = result[key];
      result[key] = isSection(below) && isSection(value) ? layered(below, value) : value;
    }
  }
  // Every field of the defaults is present, and every other one has its overlay's type.
  return result as Defaults & Overlay;
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
