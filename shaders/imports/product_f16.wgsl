// Four values of a product, in f16: the device must have the feature shader-f16.
enable f16;

alias Product = vec4<f16>;
