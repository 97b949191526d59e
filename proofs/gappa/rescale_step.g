# One step of a sum with a rescale in f32: relative error 2 u + u^2, u = 2^-24.
@f32 = float<ieee_32, ne>;
l = f32(l_); f = f32(f_); w = f32(w_);
computed = f32(f32(l * f) + w);
exact = l * f + w;
{ l in [1, 1048576] /\ f in [1b-100, 1] /\ w in [0, 1] -> (computed - exact) / exact in [-33554433b-48, 33554433b-48] }
