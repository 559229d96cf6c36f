import { CmpApi, CmpStatus, SignalStatus } from "@iabgpp/cmpapi";

Object.assign(window, { CmpApi, CmpStatus, SignalStatus });
