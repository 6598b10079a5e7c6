import { Accordion, Box, Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { JsonView } from '../../../components/json-view.js';
import { CallbackDetails } from './callback-details.js';
import type { Item } from './items.js';
import { InputDetails, PromptDetails } from './request-details.js';
import { AttemptDetails, ResultDetails } from './result-details.js';
import { StepDetails } from './step-details.js';
import { ToolDetails } from './tool-details.js';
import { isFull, type Trace } from './trace.js';

/** The details of one timeline line, in parts that open and close. */
export function ItemPanel({ item, trace }: { item: Item; trace: Trace }) {
  const [isRaw, { toggle }] = useDisclosure(false);
  return (
    <>
      {/* Above the rest, which may still grow. */}
      <Group justify="flex-end">
        <Button variant="subtle" size="compact-xs" aria-expanded={isRaw} onClick={toggle}>
          Raw JSON
        </Button>
      </Group>
      {isRaw && (
        <Box mb="sm">
          <JsonView value={rawOf(item, trace)} what="Raw JSON" />
        </Box>
      )}
      <Accordion
        multiple
        variant="default"
        defaultValue={['facts', 'input', 'output', 'query', 'files', 'headers', 'thought']}
        order={2}
        chevronPosition="left"
      >
        {detailsOf(item, trace)}
      </Accordion>
    </>
  );
}

function detailsOf(item: Item, trace: Trace): ReactNode {
  switch (item.kind) {
    case 'input':
      return <InputDetails trace={trace} />;
    case 'prompt':
      return <PromptDetails trace={trace} />;
    case 'step':
      return <StepDetails item={item} trace={trace} />;
    case 'tool':
      return <ToolDetails item={item} trace={trace} />;
    case 'attempt':
      return <AttemptDetails attempt={item.attempt} />;
    case 'result':
      return <ResultDetails trace={trace} />;
    case 'callback':
      return <CallbackDetails delivery={item.delivery} />;
  }
}

function rawOf(item: Item, trace: Trace): unknown {
  switch (item.kind) {
    case 'input':
      return isFull(trace)
        ? {
            payload: trace.payload,
            headers: trace.headers,
            query: trace.query,
            attachments: trace.attachments,
          }
        : { payload: null, headers: null };
    case 'prompt':
      return trace.prompt;
    case 'step':
      return item.step;
    case 'tool':
      return item.call;
    case 'attempt':
      return item.attempt;
    case 'result':
      return trace.result;
    case 'callback':
      return item.delivery;
  }
}
