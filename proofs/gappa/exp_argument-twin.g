# Too small a bound: half of the right one.
@f32 = float<ieee_32, ne>;
s = f32(s_); m = f32(m_);
computed = f32(s - m);
exact = s - m;
{ s in [-64, 64] /\ m in [-64, 64] -> computed - exact in [-1b-19, 1b-19] }
