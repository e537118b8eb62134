/** Label selectors as Kubernetes writes them in one line (`app=cart,tier in (back,front)`), as Chaos Mesh's selectors. */
import type { PodSelector } from '../../chaos-mesh/chaos-schema.ts';

type Selector = PodSelector['selector'];

/** The selector, or null when the line is none. */
export function labelSelector(written: string): Selector | null {
  const labels: Record<string, string> = {};
  const expressions: { key: string; operator: string; values: string[] }[] = [];
  for (const term of written.split(/,(?![^(]*\))/)) {
    const [, key, equal, value] = /^\s*([^\s=!()]{1,300})\s*(==?|!=)\s*([^\s=!(),]{0,100})\s*$/.exec(term) ?? [];
    const [, setKey, operator, values] =
      /^\s*([^\s=!()]{1,300})\s+(in|notin)\s*\(([^()]{0,2000})\)\s*$/.exec(term) ?? [];
    if (key !== undefined && value !== undefined) {
      if (equal === '!=') expressions.push({ key, operator: 'NotIn', values: [value] });
      else labels[key] = value;
    } else if (setKey !== undefined && values !== undefined) {
      const list = values.split(',').map((each) => each.trim());
      expressions.push({ key: setKey, operator: operator === 'in' ? 'In' : 'NotIn', values: list });
    } else {
      return null;
    }
  }
  return { labelSelectors: labels, expressionSelectors: expressions };
}
