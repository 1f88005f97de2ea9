// Four values of a product, in f32.
alias Product = vec4f;
