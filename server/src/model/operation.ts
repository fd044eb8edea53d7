import type { Origin } from "../text/origin.ts";
import type { HostSetting } from "./host-setting.ts";
import type { IpsetChange } from "./ipset.ts";
import type { Presence, Rule, RuleBody } from "./rule.ts";
import type { BaseChain, HelperObject, NamedObject, NamedSet, SetElement, TableId } from "./ruleset.ts";

/**
 * One step of loading. Files, commands and scripts of every dialect become a log of these, and a ruleset
 * is the log's fold (`fold.ts`). `presence` tells of steps that run only under a condition we do not know.
 */
export type Operation = {
  readonly origin: Origin;
  readonly presence: Presence;
  /** Its author provides for its failure where what it needs is not there, or is there already. */
  readonly mayFail?: boolean;
} & (
  | {
      readonly op: "addTable";
      readonly table: TableId;
      readonly dormant?: boolean;
      readonly comment?: string;
    }
  | { readonly op: "deleteTable"; readonly table: TableId; readonly mustExist: boolean }
  /** nft `flush ruleset [family]`: every table, of iptables-nft too. */
  | { readonly op: "flushRuleset"; readonly family?: TableId["family"] }
  /** nft `flush table`: the rules of all its chains. */
  | { readonly op: "flushTable"; readonly table: TableId }
  /** iptables-restore without --noflush, at `*table`: built-in chains emptied, user chains removed. */
  | { readonly op: "resetTable"; readonly table: TableId }
  | {
      readonly op: "addChain";
      readonly table: TableId;
      readonly chain: string;
      readonly base?: BaseChain;
      /** nft `create`, iptables `-N`: an error when it exists already. */
      readonly mustBeNew: boolean;
      readonly comment?: string;
      readonly offload?: boolean;
    }
  /** Without `chain`: every user chain of the table that is empty (iptables -X). */
  | {
      readonly op: "deleteChain";
      readonly table: TableId;
      readonly chain?: string;
      readonly mustExist: boolean;
    }
  | { readonly op: "renameChain"; readonly table: TableId; readonly chain: string; readonly to: string }
  /** Without `chain`: every chain of the table (iptables -F). */
  | { readonly op: "flushChain"; readonly table: TableId; readonly chain?: string }
  | {
      readonly op: "setPolicy";
      readonly table: TableId;
      readonly chain: string;
      readonly verdict: "accept" | "drop";
    }
  | { readonly op: "append"; readonly table: TableId; readonly chain: string; readonly body: RuleBody }
  /** At zero-based `index` (0: before the first rule). */
  | {
      readonly op: "insert";
      readonly table: TableId;
      readonly chain: string;
      readonly index: number;
      readonly body: RuleBody;
    }
  | {
      readonly op: "replace";
      readonly table: TableId;
      readonly chain: string;
      readonly index: number;
      readonly body: RuleBody;
    }
  /** The rule at an index, or the first whose `identity` (canonical text) equals this one's. */
  | {
      readonly op: "deleteRule";
      readonly table: TableId;
      readonly chain: string;
      readonly which: { readonly index: number } | { readonly same: RuleBody };
    }
  | { readonly op: "addSet"; readonly table: TableId; readonly set: NamedSet }
  | {
      readonly op: "addElements" | "deleteElements";
      readonly table: TableId;
      readonly set: string;
      readonly elements: readonly SetElement[];
      /** The same for `listing/` alone. */
      readonly listed?: object;
    }
  | { readonly op: "flushSet" | "deleteSet"; readonly table: TableId; readonly set: string }
  | { readonly op: "addHelper"; readonly table: TableId; readonly helper: HelperObject }
  | { readonly op: "deleteHelper"; readonly table: TableId; readonly name: string }
  | { readonly op: "addObject"; readonly table: TableId; readonly object: Omit<NamedObject, "presence"> }
  | { readonly op: "deleteObject"; readonly table: TableId; readonly kind: string; readonly name: string }
  | { readonly op: "ipset"; readonly change: IpsetChange }
  | { readonly op: "hostSetting"; readonly setting: HostSetting }
  /** Something that may do anything to `table`, to some tables, or to all. */
  | {
      readonly op: "unknown";
      readonly fact: string;
      readonly table?: TableId;
      readonly tables?: readonly TableId[];
    }
);

export type { Rule };
