import { NavLink } from '@mantine/core';
import { RelativeTime } from '../../../../components/times.js';
import type { Agent } from '../draft/draft.js';
import { nameOfField } from '../field-names.js';
import classes from './version-list.module.css';
import type { VersionSummary } from './versions.js';

interface VersionListProps {
  versions: VersionSummary[];
  chosen: number;
  onChoose: (version: number) => void;
}

function changesOf({ version, changed }: VersionSummary): string {
  if (version === 1) return 'Created';
  if (changed === null) return '';
  return changed.map((field) => nameOfField(field as keyof Agent)).join(', ') || 'No changes';
}

/** The versions, newest first, each with its changes. */
export function VersionList({ versions, chosen, onChoose }: VersionListProps) {
  return (
    <nav className={classes.list} aria-label="Versions">
      {versions.map((version) => (
        <NavLink
          key={version.version}
          component="button"
          active={version.version === chosen}
          aria-current={version.version === chosen || undefined}
          label={
            <>
              v{version.version} · <RelativeTime at={version.created_at} />
              {version.saved_by && ` · ${version.saved_by}`}
            </>
          }
          description={changesOf(version)}
          onClick={() => onChoose(version.version)}
        />
      ))}
    </nav>
  );
}
