import { Alert, Group, Select, Skeleton, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorState } from '../../../../components/error-state.js';
import { formatRelative } from '../../../../components/format.js';
import { useDraft } from '../draft/use-draft.js';
import { FieldDiff } from './field-diff.js';
import { RestoreButton } from './restore-button.js';
import { VersionList } from './version-list.js';
import { changesBetween, useVersion, useVersions, type Version, type VersionSummary } from './versions.js';

/**
 * The agent's kept versions: when and by whom each was saved, what it changed, and a button to restore it.
 */
export default function History({ onClose }: { onClose: () => void }) {
  const { draft } = useDraft();
  const { data, error } = useVersions(draft.base.id);
  const [chosen, choose] = useState<{ before?: number; after?: number }>({});
  const versions = data?.versions ?? [];
  const after = versions.find(({ version }) => version === chosen.after) ?? versions[0];
  const before =
    versions.find(({ version }) => version === chosen.before) ??
    versions.find(({ version }) => version < (after?.version ?? 0));
  const wholeAfter = useVersion(draft.base.id, after?.version);
  const wholeBefore = useVersion(draft.base.id, before?.version);
  const failed = error ?? wholeAfter.error ?? wholeBefore.error;
  if (failed) return <ErrorState error={failed} />;
  if (after === undefined) return <Skeleton h={320} />;

  return (
    <Stack>
      <VersionList
        versions={versions}
        chosen={after.version}
        onChoose={(version) => choose({ after: version })}
      />
      <Group align="flex-end" justify="space-between">
        <Group gap="xs" align="flex-end">
          <VersionSelect
            label="Compare"
            versions={versions}
            value={before?.version}
            onChange={(version) => choose({ before: version, after: after.version })}
          />
          <VersionSelect
            label="with"
            versions={versions}
            value={after.version}
            onChange={(version) => choose({ ...(before ? { before: before.version } : {}), after: version })}
          />
        </Group>
        {wholeAfter.data && <RestoreButton version={wholeAfter.data} onRestored={onClose} />}
      </Group>
      {before === undefined ? (
        <Alert color="gray" icon={<IconHistory aria-hidden />}>
          {after.version === 1
            ? 'This is the first version, so there is nothing to compare it with.'
            : 'This is the oldest version that is kept.'}
        </Alert>
      ) : wholeBefore.data && wholeAfter.data ? (
        <Changes before={wholeBefore.data} after={wholeAfter.data} />
      ) : (
        <Skeleton h={160} />
      )}
    </Stack>
  );
}

function Changes({ before, after }: { before: Version; after: Version }) {
  const fields = changesBetween(before, after);
  if (fields.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Versions {before.version} and {after.version} are identical. A secret may have been replaced.
      </Text>
    );
  }
  return fields.map((field) => (
    <FieldDiff key={field} field={field} before={before[field]} after={after[field]} />
  ));
}

interface VersionSelectProps {
  label: string;
  versions: VersionSummary[];
  value: number | undefined;
  onChange: (version: number) => void;
}

function VersionSelect({ label, versions, value, onChange }: VersionSelectProps) {
  return (
    <Select
      label={label}
      w={210}
      allowDeselect={false}
      data={versions.map(({ version, created_at }) => ({
        value: String(version),
        label: `v${version} · ${formatRelative(new Date(created_at), Date.now())}`,
      }))}
      value={value === undefined ? null : String(value)}
      placeholder="nothing before"
      onChange={(chosen) => chosen !== null && onChange(Number(chosen))}
    />
  );
}
