/** Makes the member of a team that its parts ask for. */

import type { PreparedBackend } from '../neural/index.ts';
import { ImitationMember } from './cold-start/imitation-member.ts';
import { type MemberParts, TeamMember } from './team-member.ts';

/** Somebody who does a part of each command. */
export interface Member {
  execute(): void;
}

/** A member of a cold start's team, or of one that plays. */
export function createMember(parts: MemberParts, backend: PreparedBackend): Member {
  const { imitation } = parts;
  return imitation === undefined ? new TeamMember(parts, backend) : new ImitationMember(parts, imitation, backend);
}
