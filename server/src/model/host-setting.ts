import type { Origin } from "../text/origin.ts";
import type { Presence } from "./rule.ts";

/** What a host is told besides its rules. */
export type HostSetting =
  /** `net.ipv4.ip_forward`, `net.ipv6.conf.all.forwarding`; `on` is undefined where the value is not known. */
  | { readonly kind: "forwarding"; readonly family: 4 | 6; readonly on: boolean | undefined }
  /** `modprobe nf_conntrack_ftp ports=…`: where the helper is assigned automatically, on kernels that do so. */
  | { readonly kind: "helper-ports"; readonly ports: readonly number[] }
  /** `modprobe -r nf_conntrack_ftp` */
  | { readonly kind: "helper-unloaded" };

/** How the host is set once everything was loaded. */
export interface HostState {
  /** Where forwarding was certainly switched off for good. */
  readonly forwardingOff: { readonly 4?: Origin; readonly 6?: Origin };
  /** Port 21 alone unless the module is told otherwise. */
  readonly helperPorts?: readonly number[];
}

/** Plays settings in order; what may or may not run leaves nothing certain. */
export class HostSettings {
  #off: { 4?: Origin; 6?: Origin } = {};
  #helperPorts: readonly number[] | undefined;

  apply(setting: HostSetting, origin: Origin, presence: Presence): void {
    const certain = presence === "certain";
    switch (setting.kind) {
      case "forwarding": {
        const { [setting.family]: _, ...others } = this.#off;
        this.#off = certain && setting.on === false ? { ...others, [setting.family]: origin } : others;
        return;
      }
      case "helper-ports":
        this.#helperPorts ??= setting.ports;
        return;
      case "helper-unloaded":
        if (certain) this.#helperPorts = undefined;
    }
  }

  get state(): HostState {
    const ports = this.#helperPorts;
    return { forwardingOff: this.#off, ...(ports && { helperPorts: ports }) };
  }
}
