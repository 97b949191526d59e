# Too small a bound: one rounding in place of two.
@f32 = float<ieee_32, ne>;
l = f32(l_); f = f32(f_); w = f32(w_);
computed = f32(f32(l * f) + w);
exact = l * f + w;
{ l in [1, 1048576] /\ f in [1b-100, 1] /\ w in [0, 1] -> (computed - exact) / exact in [-1b-24, 1b-24] }
