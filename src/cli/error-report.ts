/** Turns whatever was thrown into the one message a user sees. */
import { DeeplOpsError, type ErrorPlace } from '../base/index.ts';

/** Users' errors as they are; anything else is a bug of ours, INTERNAL. */
export function asDeeplOpsError(thrown: unknown): DeeplOpsError {
  if (thrown instanceof DeeplOpsError) return thrown;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new DeeplOpsError('INTERNAL', message, { cause: thrown });
}

/** `error CODE: what is wrong (file:line:column)`, and below it what to do. */
export function formatError({ code, message, place, hint }: DeeplOpsError): string {
  const where = place ? formatPlace(place) : '';
  return `error ${code}: ${message}${where && ` (${where})`}\n  ${hint.replaceAll('\n', '\n  ')}\n`;
}

function formatPlace({ file, line, column }: ErrorPlace): string {
  const numbers = [line, column].filter((number) => number !== undefined);
  if (file === undefined && numbers.length > 0) return `line ${numbers.join(', column ')}`;
  return [file, ...numbers].filter((part) => part !== undefined).join(':');
}
