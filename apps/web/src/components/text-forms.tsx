import { parseJson } from '@agenthook/json';
import { Group, SegmentedControl, Skeleton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { lazy, Suspense, useMemo } from 'react';
import { JsonView } from './json-view.js';
import { TextView } from './text-view.js';

const Markdown = lazy(() => import('./markdown/markdown.js'));

type Form = 'text' | 'markdown' | 'json';
const FORMS: Record<Form, string> = { text: 'Text', markdown: 'Markdown', json: 'JSON' };
const isForm = (value: unknown): value is Form => typeof value === 'string' && Object.hasOwn(FORMS, value);

interface TextFormsProps {
  text: string;
  /** Announced to screen readers and used as the label of the copy button. */
  what: string;
  isCode?: boolean;
}

/** A text as it is, as Markdown or, if it is that, as JSON. The choice is kept in this browser. */
export function TextForms({ text, what, isCode = false }: TextFormsProps) {
  const json = useMemo(() => jsonOf(text), [text]);
  const [kept, keep] = useLocalStorage<Form>({
    key: 'agenthook.text-form',
    defaultValue: 'text',
    getInitialValueInEffect: false,
    deserialize: (stored) => (isForm(stored) ? stored : 'text'),
    serialize: String,
  });
  const form = kept === 'json' && json === undefined ? 'text' : kept;
  const forms = (Object.keys(FORMS) as Form[]).filter((each) => each !== 'json' || json !== undefined);
  return (
    <>
      <Group justify="flex-end" mb={4}>
        <SegmentedControl
          size="xs"
          aria-label={`Form of ${what}`}
          data={forms.map((value) => ({ value, label: FORMS[value] }))}
          value={form}
          onChange={keep}
        />
      </Group>
      {form === 'text' && <TextView text={text} what={what} isCode={isCode} />}
      {form === 'json' && <JsonView value={json} what={what} />}
      {form === 'markdown' && (
        <Suspense fallback={<Skeleton h={80} />}>
          <Markdown text={text} what={what} />
        </Suspense>
      )}
    </>
  );
}

/** The longest text that is tried as JSON, in characters. */
const MOST_JSON = 1_000_000;

/** The object or list that a text is; undefined for any other. Numbers are shown as they are written. */
function jsonOf(text: string): string | undefined {
  if (text.length > MOST_JSON || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(parseJson(text), null, 2);
  } catch {
    return undefined;
  }
}
