import { getOrCreateConsentRuntime, policyPackPresets } from "c15t";

Object.assign(window, { getOrCreateConsentRuntime, policyPackPresets });
