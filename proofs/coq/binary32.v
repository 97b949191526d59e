(* The bound for the program itself in binary32 without underflow: 24 bits, to nearest even (Flocq's FLX format).

   Only the exponential's relative error is a parameter; the second theorem has a correctly rounded one and no parameter
   at all. The quotient is rounded once more. *)
From Coq Require Import Reals List ZArith Lra Lia Psatz.
From Flocq Require Import Core Relative.
From Attest Require Import sums factors runs bound program score_tree.
Open Scope R_scope.

Definition rounded : R -> R := round radix2 (FLX_exp 24) ZnearestE.
Definition u := / 2 * bpow radix2 (-24 + 1).

Lemma u_is : u = / IZR (2 ^ 24).
Proof. unfold u. simpl. lra. Qed.

Lemma rounded_near x : near u x (rounded x).
Proof. exact (relative_error_N_FLX_ex radix2 24 (eq_refl : (0 < 24)%Z) _ x). Qed.

Definition binary32 (exponential : R -> R) : arithmetic R := {|
  max := Rmax; sub x y := rounded (x - y); exponential := exponential; probability x := x;
  add x y := rounded (x + y); mul x y := rounded (x * y); div x y := rounded (x / y) |}.

Definition errors_of (eps : R) := Errors u eps 0 u u 0.

Lemma u_positive : 0 < u.
Proof. rewrite u_is. apply Rinv_0_lt_compat. apply IZR_lt. reflexivity. Qed.

Lemma errors_nonnegative eps : 0 <= eps -> nonnegative (errors_of eps).
Proof. pose proof u_positive. repeat split; simpl; lra. Qed.

Lemma binary32_accurate eps ex : (forall x, near eps (exp x) (ex x)) -> accurate (errors_of eps) (binary32 ex).
Proof.
  intros Hex. pose proof u_positive.
  constructor; simpl; intros; auto using rounded_near. apply near_self; lra.
Qed.

Theorem binary32_bound (eps : R) (ex : R -> R) t c :
  0 <= eps -> (forall x, near eps (exp x) (ex x)) -> Forall fits (leaves t) ->
  let r := merge_tree (binary32 ex) computed value t in
  let out := rounded (row_o r c / row_l r) in
  let p := softmax (leaves t) in
  let O := sum (fun k => p k * value k c) (leaves t) in
  let A k := exp (alpha k + u * (row_m r - computed k)) * (1 + eps) ^ (1 + depth t) - 1 in
  let mu := (1 + u) ^ (1 + 2 * depth t) - 1 in
  let nu := (1 + u) ^ (2 * depth t) - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) (leaves t) in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) (leaves t) in
  D < 1 -> Rabs (out - O) <= E / (1 - D) + (Rabs O + E / (1 - D)) * u.
Proof.
  intros Heps Hex Hfits r out p O A mu nu E D HD.
  pose proof (tree_bound (errors_of eps) t (state_of r) c (errors_nonnegative _ Heps)
    (merge_tree_computes _ _ t (errors_nonnegative _ Heps) (binary32_accurate _ _ Hex)) Hfits) as H.
  cbv zeta in H. simpl u_p in H. rewrite Rplus_0_r, Rmult_1_l in H. specialize (H HD).
  change (Rabs (row_o r c / row_l r - O) <= E / (1 - D)) in H.
  unfold out. destruct (rounded_near (row_o r c / row_l r)) as (d & Hd & ->).
  set (q := row_o r c / row_l r) in *.
  replace (q * (1 + d) - O) with ((q - O) + (O + (q - O)) * d) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat; [assumption|].
  rewrite Rabs_mult. apply Rmult_le_compat; auto using Rabs_pos.
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(* With a correctly rounded exponential: eps is u, and nothing is left to assume of the arithmetic. *)
Lemma rounded_exponential x : near u (exp x) (rounded (exp x)).
Proof. apply rounded_near. Qed.

Theorem binary32_bound_correct_exp t c : Forall fits (leaves t) ->
  let r := merge_tree (binary32 (fun x => rounded (exp x))) computed value t in
  let out := rounded (row_o r c / row_l r) in
  let p := softmax (leaves t) in
  let O := sum (fun k => p k * value k c) (leaves t) in
  let A k := exp (alpha k + u * (row_m r - computed k)) * (1 + u) ^ (1 + depth t) - 1 in
  let mu := (1 + u) ^ (1 + 2 * depth t) - 1 in
  let nu := (1 + u) ^ (2 * depth t) - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) (leaves t) in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) (leaves t) in
  D < 1 -> Rabs (out - O) <= E / (1 - D) + (Rabs O + E / (1 - D)) * u.
Proof. apply binary32_bound; [left; apply u_positive|apply rounded_exponential]. Qed.
