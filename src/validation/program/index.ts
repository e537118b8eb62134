/** The validation as a whole: settings, run, report, page. */

export { validationPage, validationText } from './validation-page.ts';
export { type ValidationReport, validate } from './validation-report.ts';
export type { ValidationSettings } from './validation-settings.ts';
