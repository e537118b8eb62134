/** The log on stderr: quiet by default, one JSON object per line. */
import { type Logger, pino } from 'pino';
import { DeeplOpsError, nearestName } from '../base/index.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];

/** `--verbose` means level debug; otherwise the environment variable DEEPL_OPS_LOG decides, otherwise warnings only. */
export function createLogger(options: { verbose: boolean; level: string | undefined }): Logger {
  const level = options.verbose ? 'debug' : options.level || 'warn';
  if (!levels.includes(level)) {
    const guess = nearestName(level, levels);
    throw new DeeplOpsError('CONFIG_INVALID', `DEEPL_OPS_LOG cannot be "${level}"`, {
      hint: `${guess ? `Did you mean "${guess}"? ` : ''}The levels are ${levels.join(', ')}.`,
    });
  }
  return pino({ level, base: null }, pino.destination({ fd: 2, sync: true }));
}
