import { Code, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { CodeEditor } from '../../../../components/code-editor/code-editor.js';
import { Panel } from '../../../../components/panel.js';
import type { Issue } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { ModelFields } from './model-fields.js';
import { PromptPreview } from './prompt-preview.js';
import type { ChosenPayload } from './use-chosen-payload.js';
import { usePreview } from './use-preview.js';

const VARIABLES = ['payload', 'headers', 'query', 'agent', 'task', 'now'];

/** The prompt, the model, and a preview for a payload. */
export function PromptSection({ payload }: { payload: ChosenPayload }) {
  const preview = usePreview(payload);
  return (
    <Panel
      title="Prompt"
      description={
        <>
          Both texts are Liquid templates with the variables{' '}
          {VARIABLES.map((name, index) => (
            <span key={name}>
              {index > 0 && ', '}
              <Code>{name}</Code>
            </span>
          ))}
          , for example <Code>{'{{ payload.question }}'}</Code>.
        </>
      }
    >
      <Stack>
        <ModelFields />
        <TemplateField
          field="system_prompt"
          label="System prompt"
          description="Who the agent is and what it should do."
          height={220}
          faults={preview.faults}
        />
        <TemplateField
          field="input_template"
          label="Input template"
          description="The first user message. Empty: the payload as JSON."
          height={120}
          faults={preview.faults}
        />
        <PromptPreview payload={payload} preview={preview} />
      </Stack>
    </Panel>
  );
}

interface TemplateFieldProps {
  field: 'system_prompt' | 'input_template';
  label: string;
  description: string;
  height: number;
  faults: Issue[];
}

function TemplateField({ field, faults, ...look }: TemplateFieldProps) {
  const { draft, values, readOnly, set } = useDraft();
  const issue = [...faults, ...draft.issues].find(({ path }) => path === `/${field}`);
  const { line, column, message } = issue ?? {};
  const marks = useMemo(
    () =>
      line !== undefined && column !== undefined && message !== undefined ? [{ line, column, message }] : [],
    [line, column, message],
  );
  return (
    <CodeEditor
      {...look}
      language="liquid"
      value={values[field]}
      onChange={(text) => set(field, text)}
      readOnly={readOnly}
      marks={marks}
      error={issue && (line === undefined ? message : `Line ${line}, column ${column}: ${message}`)}
    />
  );
}
