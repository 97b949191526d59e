# One step of a dot product in f32: a product rounded, a sum rounded.
@f32 = float<ieee_32, ne>;
q = f32(q_); k = f32(k_); acc = f32(acc_);
computed = f32(acc + f32(q * k));
exact = acc + q * k;
{ q in [-8, 8] /\ k in [-8, 8] /\ acc in [-448, 448] -> computed - exact in [-9b-19, 9b-19] }
