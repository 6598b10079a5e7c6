import { notifications } from '@mantine/notifications';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useDraft } from '../editor/draft/use-draft.js';
import { inferSchema } from '../editor/schemas/infer-schema.js';
import { filterOf, type SampleEvent } from './filter-of.js';
import type { Make } from './from-event-context.js';

const DONE = {
  schema: 'The input schema of the draft describes this event.',
  filter: 'The filter of the draft lets events of this kind run.',
};

interface FromEventTools {
  make: (make: Make, event: SampleEvent) => void;
  /** The event to try, with a number that changes with each. */
  sample: (SampleEvent & { number: number }) | undefined;
  filterBox: RefObject<HTMLDivElement | null>;
  schemaBox: RefObject<HTMLDivElement | null>;
}

/**
 * What is made from events on an agent's page. A schema or a filter is a change of the draft, and is shown;
 * an example goes to Try it.
 *
 * @param onShown called with the part of the page that has changed
 */
export function useFromEvent(onShown: (part: 'Events' | 'Webhook') => void): FromEventTools {
  const { dispatch } = useDraft();
  const filterBox = useRef<HTMLDivElement>(null);
  const schemaBox = useRef<HTMLDivElement>(null);
  const [sample, setSample] = useState<FromEventTools['sample']>();
  const [changed, setChanged] = useState<{ make: Make }>();

  // After the part is shown, which a narrow page does only now.
  useEffect(() => {
    const box = changed && (changed.make === 'schema' ? schemaBox : filterBox).current;
    box?.scrollIntoView({ block: 'center' });
    box?.focus({ preventScroll: true });
  }, [changed]);

  const make = useCallback(
    (wanted: Make, event: SampleEvent) => {
      onShown(wanted === 'example' ? 'Webhook' : 'Events');
      if (wanted === 'example') {
        setSample((before) => ({ ...event, number: (before?.number ?? 0) + 1 }));
        return;
      }
      if (wanted === 'schema')
        dispatch({ do: 'set', field: 'input_schema', value: inferSchema(event.payload) });
      else {
        const filter = filterOf(event);
        if (filter === undefined) return;
        dispatch({ do: 'set', field: 'filter', value: filter });
      }
      setChanged({ make: wanted });
      notifications.show({ title: 'Not saved yet', message: `${DONE[wanted]} Check it, then save.` });
    },
    [dispatch, onShown],
  );
  return { make, sample, filterBox, schemaBox };
}
