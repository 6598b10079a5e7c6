/** A metric with its values, as Prometheus reads them. */
export interface Family {
  name: string;
  type: 'gauge' | 'counter' | 'histogram';
  help: string;
  samples: Sample[];
}

interface Sample {
  /** What follows the name, such as `_bucket`. */
  suffix?: string;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

const ESCAPED: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string): string => text.replace(/[\\"\n]/g, (found) => ESCAPED[found] ?? found);

function line(name: string, { suffix = '', labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

/**
 * Metrics in Prometheus's text format 0.0.4. A metric without values has only its description:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export const exposition = (families: readonly Family[]): string =>
  families
    .map(({ name, type, help, samples }) => {
      const full = `agenthook_${name}`;
      const head = `# HELP ${full} ${help.replace(/\\/g, '\\\\')}\n# TYPE ${full} ${type}\n`;
      return head + samples.map((sample) => line(full, sample)).join('');
    })
    .join('');
