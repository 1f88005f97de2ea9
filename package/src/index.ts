export { ResNeXtError, type ErrorCode } from "./error.js";
export {
  ResNeXt,
  type CallOptions,
  type ClassMap,
  type Device,
  type Lesson,
  type LoadOptions,
  type Prediction,
  type Preset,
  type Progress,
  type SelfCheck,
  type Taught,
} from "./net.js";
export type { ImageLike } from "./picture.js";
