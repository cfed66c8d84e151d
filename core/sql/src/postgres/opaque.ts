// Statements that are known but not looked into: what they change is not said by the names they hold, so they
// count as a definition that may touch everything.
import { objectWords } from './define-objects.ts'
import { touchEverything } from './draft.ts'
import { isTrue, type Tree, textOf } from './tree.ts'
import type { StatementReader } from './walk.ts'

const KINDS: Readonly<Record<string, string>> = {
  AlterCollationStmt: 'alter collation',
  AlterDatabaseRefreshCollStmt: 'alter database',
  AlterDatabaseSetStmt: 'alter database',
  AlterDatabaseStmt: 'alter database',
  AlterDefaultPrivilegesStmt: 'alter default privileges',
  AlterDomainStmt: 'alter domain',
  AlterEnumStmt: 'alter type',
  AlterEventTrigStmt: 'alter event trigger',
  AlterExtensionContentsStmt: 'alter extension',
  AlterExtensionStmt: 'alter extension',
  AlterFdwStmt: 'alter foreign data wrapper',
  AlterForeignServerStmt: 'alter server',
  AlterFunctionStmt: 'alter function',
  AlterObjectDependsStmt: 'alter depends',
  AlterOpFamilyStmt: 'alter operator family',
  AlterOperatorStmt: 'alter operator',
  AlterPublicationStmt: 'alter publication',
  AlterRoleSetStmt: 'alter role',
  AlterRoleStmt: 'alter role',
  AlterStatsStmt: 'alter statistics',
  AlterSubscriptionStmt: 'alter subscription',
  AlterSystemStmt: 'alter system',
  AlterTSConfigurationStmt: 'alter text search configuration',
  AlterTSDictionaryStmt: 'alter text search dictionary',
  AlterTableMoveAllStmt: 'alter table all',
  AlterTableSpaceOptionsStmt: 'alter tablespace',
  AlterTypeStmt: 'alter type',
  AlterUserMappingStmt: 'alter user mapping',
  CheckPointStmt: 'checkpoint',
  CompositeTypeStmt: 'create type',
  CreateAmStmt: 'create access method',
  CreateCastStmt: 'create cast',
  CreateConversionStmt: 'create conversion',
  CreateDomainStmt: 'create domain',
  CreateEnumStmt: 'create type',
  CreateEventTrigStmt: 'create event trigger',
  CreateExtensionStmt: 'create extension',
  CreateFdwStmt: 'create foreign data wrapper',
  CreateForeignServerStmt: 'create server',
  CreateForeignTableStmt: 'create foreign table',
  CreateOpClassStmt: 'create operator class',
  CreateOpFamilyStmt: 'create operator family',
  CreatePLangStmt: 'create language',
  CreatePublicationStmt: 'create publication',
  CreateRangeStmt: 'create type',
  CreateRoleStmt: 'create role',
  CreateSchemaStmt: 'create schema',
  CreateSubscriptionStmt: 'create subscription',
  CreateTableSpaceStmt: 'create tablespace',
  CreateTransformStmt: 'create transform',
  CreateTrigStmt: 'create trigger',
  CreateUserMappingStmt: 'create user mapping',
  CreatedbStmt: 'create database',
  DoStmt: 'do',
  DropOwnedStmt: 'drop owned',
  DropRoleStmt: 'drop role',
  DropSubscriptionStmt: 'drop subscription',
  DropTableSpaceStmt: 'drop tablespace',
  DropUserMappingStmt: 'drop user mapping',
  DropdbStmt: 'drop database',
  ImportForeignSchemaStmt: 'import foreign schema',
  LoadStmt: 'load',
  ReassignOwnedStmt: 'reassign owned',
  RuleStmt: 'create rule',
}

export const OPAQUE_STATEMENTS: Readonly<Record<string, StatementReader>> = {
  ...Object.fromEntries(Object.entries(KINDS).map(([type, kind]) => [type, opaque(() => kind)])),
  CreateFunctionStmt: opaque((fields) =>
    isTrue(fields, 'is_procedure') ? 'create procedure' : 'create function',
  ),
  DefineStmt: opaque((fields) => `create ${objectWords(textOf(fields, 'kind') ?? '')}`),
  GrantRoleStmt: opaque(grantOrRevoke),
  GrantStmt: opaque(grantOrRevoke),
}

function opaque(kindOf: (fields: Tree) => string): StatementReader {
  return (fields, { draft }) => {
    touchEverything(draft)
    return kindOf(fields)
  }
}

function grantOrRevoke(fields: Tree): string {
  return isTrue(fields, 'is_grant') ? 'grant' : 'revoke'
}
