import { Box, SegmentedControl, Stack } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { UnsavedGuard } from '../../../components/unsaved-guard.js';
import { FromEventContext, type Make } from '../from-event/from-event-context.js';
import { useFromEvent } from '../from-event/use-from-event.js';
import { examplePayload } from '../webhook/example-payload.js';
import { WebhookPanel } from '../webhook/webhook-panel.js';
import classes from './agent-editor.module.css';
import { AgentHeading } from './agent-heading.js';
import { AnswerSection } from './answer/answer-section.js';
import { BudgetSection } from './budget-section.js';
import { DangerSection } from './danger/danger-section.js';
import { DestinationsSection } from './destinations/destinations-section.js';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { useSave } from './draft/use-save.js';
import { FilterSection } from './filter/filter-section.js';
import { LimitsSection } from './limits-section.js';
import { NotifySection } from './notify-section.js';
import { PausedNotice } from './paused-notice.js';
import { PrivacySection } from './privacy-section.js';
import { ProblemNotice } from './problem-notice.js';
import { PromptSection } from './prompt/prompt-section.js';
import { useChosenPayload } from './prompt/use-chosen-payload.js';
import { SaveActions } from './save-actions.js';
import { SaveWarnings } from './save-warnings.js';
import { SchedulesSection } from './schedules/schedules-section.js';
import { SchemasSection } from './schemas/schemas-section.js';
import { TogetherSection } from './together/together-section.js';
import { ToolsSection } from './tools/tools-section.js';

const ConflictDialog = lazy(() => import('./conflict-dialog.js'));

const PARTS = ['Prompt', 'Tools', 'Events', 'Answer', 'Limits', 'Webhook'] as const;
type Part = (typeof PARTS)[number];

interface AgentEditorProps {
  agent: Agent;
  /** The task, or kept event, that the user comes from. */
  payloadFrom: string | undefined;
  /** What to make from it. */
  wanted: Make | undefined;
  /** It was made. */
  onMade: () => void;
}

/** An agent's page. On narrow screens it shows one part at a time. */
export function AgentEditor({ agent, payloadFrom, wanted, onMade }: AgentEditorProps) {
  const { isDirty, values } = useDraft();
  const [part, setPart] = useState<Part>(payloadFrom === undefined ? 'Prompt' : 'Webhook');
  const [newer, setNewer] = useState<Agent>();
  const saving = useSave(setNewer);
  const payload = useChosenPayload(agent.id, payloadFrom, examplePayload(agent));
  const { make, sample, filterBox, schemaBox } = useFromEvent(setPart);
  const { parsed } = payload;
  useEffect(() => {
    if (wanted === undefined || parsed === undefined) return;
    if (wanted !== 'example') make(wanted, parsed);
    onMade();
  }, [wanted, parsed, make, onMade]);
  // Typing in the draft re-renders everything else. Of this panel, only Try it depends on the draft.
  const panel = useMemo(
    () => <WebhookPanel agent={agent} payloadFrom={payloadFrom} sample={sample} />,
    [agent, payloadFrom, sample],
  );
  const of = (name: Part) => ({ className: classes.part, 'data-chosen': part === name || undefined });

  return (
    <Page
      title={values.name}
      stickyHead
      heading={<AgentHeading onReview={setNewer} />}
      actions={<SaveActions saving={saving} />}
    >
      <UnsavedGuard when={isDirty} />
      {newer && (
        <Suspense>
          <ConflictDialog
            newer={newer}
            onClose={() => setNewer(undefined)}
            onSaveOnTop={() => {
              setNewer(undefined);
              void saving.save(newer);
            }}
          />
        </Suspense>
      )}
      {agent.problem && <ProblemNotice agent={agent} problem={agent.problem} />}
      {agent.paused && <PausedNotice agentId={agent.id} paused={agent.paused} />}
      {saving.error && <SaveRefusal error={saving.error} />}
      {saving.warnings.length > 0 && (
        <SaveWarnings warnings={saving.warnings} tools={values.tools} onClose={saving.forget} />
      )}
      <SegmentedControl
        hiddenFrom="lg"
        fullWidth
        size="xs"
        aria-label="Part of the page"
        classNames={{ root: classes.switch, control: classes.switchControl, label: classes.switchLabel }}
        data={[...PARTS]}
        value={part}
        onChange={setPart}
      />
      <div className={classes.columns}>
        <div className={classes.parts}>
          <Box {...of('Prompt')}>
            <PromptSection payload={payload} />
          </Box>
          <Box {...of('Tools')}>
            <ToolsSection />
          </Box>
          <Box {...of('Events')}>
            <Stack>
              <Box ref={filterBox} tabIndex={-1}>
                <FilterSection />
              </Box>
              <TogetherSection />
              <Box ref={schemaBox} tabIndex={-1}>
                <SchemasSection payload={payload} />
              </Box>
              <SchedulesSection />
            </Stack>
          </Box>
          <Box {...of('Answer')}>
            <Stack>
              <AnswerSection />
              <DestinationsSection />
              <NotifySection />
            </Stack>
          </Box>
          <Box {...of('Limits')}>
            <Stack>
              <LimitsSection />
              <BudgetSection />
              <PrivacySection />
              <DangerSection />
            </Stack>
          </Box>
        </div>
        <Box {...of('Webhook')}>
          <FromEventContext value={make}>{panel}</FromEventContext>
        </Box>
      </div>
    </Page>
  );
}

/** Why the draft was not saved. It takes the focus, because the save button may be far away. */
function SaveRefusal({ error }: { error: unknown }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next refusal is to be read, too
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'center' });
  }, [error]);
  return (
    <Box ref={box} tabIndex={-1}>
      <ErrorState error={error} />
    </Box>
  );
}
