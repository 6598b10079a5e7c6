/** One line of a scrape. */
interface ScrapedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** A scrape in Prometheus's text format: its samples, and the type of each metric. */
export interface Scrape {
  samples: ScrapedSample[];
  types: Map<string, string>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const HELP = new RegExp(`^# HELP (${NAME}) .+$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?|[+-]Inf|NaN)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex;
    const found = LABEL.exec(text);
    if (!found?.[1]) throw new Error(`no label at ${text.slice(at, at + 40)}`);
    labels[found[1]] = (found[2] ?? '').replace(/\\(.)/g, (_all, char) => (char === 'n' ? '\n' : char));
  }
  return labels;
}

/**
 * Reads a scrape strictly: each metric is described before its samples and only once, no
 * series comes twice, and a histogram's buckets grow up to its count. Throws with the line otherwise.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function readScrape(text: string): Scrape {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const scrape: Scrape = { samples: [], types: new Map() };
  const seen = new Set<string>();
  let family = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const help = HELP.exec(line)?.[1];
    if (help !== undefined) {
      if (scrape.types.has(help)) throw new Error(`described twice: ${line}`);
      family = help;
      continue;
    }
    const type = TYPE.exec(line);
    if (type?.[1] && type[2]) {
      if (type[1] !== family) throw new Error(`no HELP before ${line}`);
      scrape.types.set(type[1], type[2]);
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample?.[1]) throw new Error(`no sample: ${line}`);
    const [, name, labels = '', value] = sample;
    const isHistogram = scrape.types.get(family) === 'histogram';
    const own = isHistogram ? name.replace(/_(bucket|sum|count)$/, '') : name;
    if (own !== family || (isHistogram && own === name)) throw new Error(`not described: ${line}`);
    if (seen.has(`${name}{${labels}}`)) throw new Error(`comes twice: ${line}`);
    seen.add(`${name}{${labels}}`);
    scrape.samples.push({ name, labels: labelsOf(labels), value: Number(value?.replace('Inf', 'Infinity')) });
  }
  checkHistograms(scrape);
  return scrape;
}

function checkHistograms({ samples }: Scrape): void {
  const last = new Map<string, number>();
  for (const { name, labels, value } of samples) {
    const { le, ...others } = labels;
    const series = (suffix: string) =>
      `${name.replace(/_(bucket|count)$/, '')}${suffix}${JSON.stringify(others)}`;
    if (name.endsWith('_bucket')) {
      if (value < (last.get(series('_bucket')) ?? 0)) throw new Error(`${name} ${le} shrinks`);
      last.set(series('_bucket'), value);
    }
    if (name.endsWith('_count') && value !== last.get(series('_bucket')))
      throw new Error(`${name} is not its +Inf bucket`);
  }
}
