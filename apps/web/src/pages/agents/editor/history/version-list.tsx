import { NavLink } from '@mantine/core';
import { RelativeTime } from '../../../../components/relative-time.js';
import { nameOfField } from '../field-names.js';
import classes from './version-list.module.css';
import { changesBetween, type Version } from './versions.js';

interface VersionListProps {
  versions: Version[];
  chosen: number;
  onChoose: (version: number) => void;
}

/** The versions, newest first, each with what it changed. */
export function VersionList({ versions, chosen, onChoose }: VersionListProps) {
  return (
    <nav className={classes.list} aria-label="Versions">
      {versions.map((version, index) => {
        const before = versions[index + 1];
        const changed = before ? changesBetween(before, version).map(nameOfField).join(', ') : 'Created';
        return (
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
            description={changed || 'A secret, or nothing'}
            onClick={() => onChoose(version.version)}
          />
        );
      })}
    </nav>
  );
}
