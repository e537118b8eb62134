/** Tells directories that hold data from those that hold what may be lost. */

const SCRATCH = /^\/(?:tmp|run|var\/(?:tmp|run|cache|log))(?:\/|$)|\/(?:cache|tmp|logs?)$/;

/** Scratch space is no data: losing it loses nothing that users stored. */
export function isScratchPath(mountPath: string): boolean {
  return SCRATCH.test(mountPath);
}
