import { SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { Documents } from '../documents/documents.js';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { JsonField } from '../json-field.js';
import { CheckTool } from './check-tool.js';
import type { FieldSchema } from './field-kind.js';
import { McpPins } from './mcp-pins.js';
import { ToolForm } from './tool-form.js';
import { useToolCheck } from './use-tool-check.js';

interface ToolDetailsProps {
  tool: Tool;
  /** The JSON Pointer of the tool in the agent. */
  at: string;
  /** Undefined for a type that this page does not know; it is edited as JSON. */
  schema: FieldSchema | undefined;
  onChange: (tool: Tool, at: string) => void;
}

/** An opened tool: its form or its JSON, its check, and what belongs to its type. */
export default function ToolDetails({ tool, at, schema, onChange }: ToolDetailsProps) {
  const { draft } = useDraft();
  const [view, setView] = useState('form');
  const checking = useToolCheck(tool);
  return (
    <Stack gap="sm" p="xs" pt="sm">
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label={`How to edit ${tool.name}`}
        data={[
          { value: 'form', label: 'Form', disabled: schema === undefined || at in draft.unreadable },
          { value: 'json', label: 'JSON' },
        ]}
        value={schema === undefined ? 'json' : view}
        onChange={setView}
      />
      {schema !== undefined && view === 'form' ? (
        <ToolForm tool={tool} schema={schema} at={at} checking={checking} onChange={onChange} />
      ) : (
        <JsonField
          label="Configuration"
          description="A stored secret is shown as true. Leave it unchanged to keep the secret."
          at={at}
          value={tool}
          empty={undefined}
          height={260}
          onChange={(value) => onChange((value ?? { type: tool.type, name: tool.name }) as Tool, at)}
        />
      )}
      <CheckTool tool={tool} at={at} checking={checking} onChange={onChange} />
      {tool.type === 'documents' && <Documents agentId={draft.base.id} />}
      {tool.type === 'mcp' && <McpPins agentId={draft.base.id} tool={tool.name} />}
    </Stack>
  );
}
