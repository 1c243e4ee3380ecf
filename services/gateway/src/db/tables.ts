import type { Role } from '@vindima/contracts';
import type { ColumnType, Generated } from 'kysely';

export interface UserTable {
  id: Generated<number>;
  username: string;
  role: Role;
  /** argon2id, in its own string form */
  password: string;
  disabled: number;
  created_at: string;
  /** Access tokens that name no login (of version 0.1) and were issued before are void: the password was changed. */
  logins_ended_at: string | null;
}

export interface RefreshTokenTable {
  /** SHA-256 of the token, hexadecimal: the table does not let anyone in */
  hash: string;
  /** All tokens that came of one login: when one is used twice, all of them end. */
  family: string;
  user_id: number;
  expires_at: string;
  used_at: string | null;
}

export interface LoginTable {
  /** The family of its refresh tokens; access tokens name it. */
  id: string;
  user_id: number;
  /** null for a login of version 0.1 */
  created_at: string | null;
  last_used_at: string | null;
  address: string | null;
  agent: string | null;
  /** SHA-256 of its cookie, hexadecimal */
  cookie: string | null;
  expires_at: string;
}

export interface ApiKeyTable {
  id: string;
  hash: string;
  name: string;
  /** JSON array */
  scopes: string;
  created_by: string;
  /** With whom it ends, where it was handed on; null for who made it */
  owner: string | null;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
}

export interface AuditTable {
  id: Generated<number>;
  at: string;
  who: string;
  method: string;
  path: string;
  service: string;
  status: number;
  request_id: string;
  address: string;
  detail: string | null;
}

export interface SettingTable {
  name: string;
  value: ColumnType<string, string, string>;
}

export interface GatewayTables {
  users: UserTable;
  refresh_tokens: RefreshTokenTable;
  logins: LoginTable;
  api_keys: ApiKeyTable;
  audit: AuditTable;
  settings: SettingTable;
}
