/** How each fault is said as a Chaos Mesh experiment; a new fault is a line in one of these. */
import { diskForms } from './forms/disk-forms.ts';
import { machineForms } from './forms/machine-forms.ts';
import { nameForms } from './forms/name-forms.ts';
import { networkForms } from './forms/network-forms.ts';
import { processForms } from './forms/process-forms.ts';
import { type MeshForm, without } from './mesh-form.ts';

const forms: Readonly<Record<string, MeshForm>> = {
  ...processForms,
  ...networkForms,
  ...nameForms,
  ...machineForms,
  ...diskForms,
};

/** Faults that there is a form or a reason for. */
export const meshFormNames: readonly string[] = Object.keys(forms);

/** The form of a fault. */
export function meshFormOf(fault: string): MeshForm {
  return forms[fault] ?? without('nobody has said yet what it would be');
}
