(* The bound for the program in binary32 with gradual underflow: 24 bits, multiples of 2^-149, to nearest even (Flocq's
   FLT format). Exponentials may be off by a constant besides; nothing overflows. *)
From Coq Require Import Reals List ZArith Lra Lia Psatz.
From Flocq Require Import Core Relative Plus_error.
From Attest Require Import sums factors runs bound program score_tree binary32 underflow.
Import ListNotations.
Open Scope R_scope.

Definition format := generic_format radix2 (FLT_exp (-149) 24).
Definition rounded : R -> R := round radix2 (FLT_exp (-149) 24) ZnearestE.
Definition lambda := / 2 * bpow radix2 (-149).

Lemma rounded_near2 x : near2 u lambda x (rounded x).
Proof.
  destruct (error_N_FLT radix2 (-149) 24 (eq_refl : (0 < 24)%Z) (fun z => negb (Z.even z)) x) as (d & h & Hd & Hh & _ & E).
  exists (x * (1 + d)). split; [exists d; split; [exact Hd|reflexivity]|].
  unfold rounded. rewrite E. replace (x * (1 + d) + h - x * (1 + d)) with h by ring. exact Hh.
Qed.

Local Instance precision_positive : Prec_gt_0 24 := eq_refl.

(* The difference of two numbers of the format does not underflow. *)
Lemma difference_near x y : format x -> format y -> near u (x - y) (rounded (x - y)).
Proof.
  intros Hx Hy.
  destruct (FLT_plus_error_N_ex radix2 (-149) 24 (fun z => negb (Z.even z)) x (- y) Hx
    (generic_format_opp _ _ _ Hy)) as (d & Hd & E).
  exists d. split; [|exact E]. eapply Rle_trans; [exact Hd|].
  change (u_ro radix2 24) with u. pose proof u_positive.
  apply (Rmult_le_reg_r (1 + u)); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra.
Qed.

Definition gradual (exponential : R -> R) : arithmetic R := {|
  max := Rmax; sub x y := rounded (x - y); exponential := exponential; probability x := x;
  add x y := rounded (x + y); mul x y := rounded (x * y); div x y := rounded (x / y) |}.

Section Gradual.
Variables (eps exp_abs most_l most_o most_v : R) (ex : R -> R).
Hypothesis Heps : 0 <= eps.
Hypothesis Hsizes : 0 <= exp_abs /\ 1 <= most_l /\ 0 <= most_o /\ 0 <= most_v.
Hypothesis Hex : forall x, near2 eps exp_abs (exp x) (ex x).
Lemma sizes : 0 <= lambda /\ 0 <= exp_abs /\ 1 <= most_l /\ 0 <= most_o /\ 0 <= most_v.
Proof. split; [|exact Hsizes]. unfold lambda. pose proof (bpow_ge_0 radix2 (-149)). lra. Qed.

Local Notation A := (gradual ex).
Local Notation e := (errors_of eps).
Local Notation row_of t := (merge_tree A computed value t).
Local Notation run2 := (run2 e lambda exp_abs most_l most_o most_v).

(* No state that is merged leaves most_l and most_o. *)
Fixpoint states_within t := match t with
  | leaf _ => True
  | node a b => states_within a /\ states_within b /\
      (Rabs (row_l (row_of a)) <= most_l /\ forall c, Rabs (row_o (row_of a) c) <= most_o) /\
      (Rabs (row_l (row_of b)) <= most_l /\ forall c, Rabs (row_o (row_of b) c) <= most_o) end.
Definition readable k := format (computed k) /\ forall c, Rabs (value k c) <= most_v.

Lemma exponential_shifted2 x m : format x -> format m -> shifted2 e exp_abs x m (ex (rounded (x - m))).
Proof.
  intros Hx Hm. destruct (Hex (rounded (x - m))) as (w & Hw & Hd).
  exists w. split; [|exact Hd]. exists (rounded (x - m)). split; [apply difference_near; assumption|exact Hw].
Qed.

Lemma max_format t : Forall readable (leaves t) -> format (row_m (row_of t)).
Proof.
  induction t as [k|a IHa b IHb]; simpl; intros H.
  - inversion_clear H as [|? ? (Hk & _) _]. exact Hk.
  - apply Forall_app in H. destruct H as (Ha & Hb). unfold Rmax. destruct Rle_dec; auto.
Qed.

Lemma leaves_some (t : tree key) : (1 <= length (leaves t))%nat.
Proof. induction t; simpl; [lia|rewrite app_length; lia]. Qed.

Lemma tree_run2 t : Forall readable (leaves t) -> states_within t ->
  run2 (depth t) (1 + 2 * depth t) (2 * depth t) (4 * length (leaves t) - 3) (leaves t) (state_of (row_of t)).
Proof.
  induction t as [k|a IHa b IHb]; intros Hk Hs.
  - inversion_clear Hk as [|? ? (Hf & Hv) _].
    set (w := ex (rounded (computed k - computed k))).
    pose proof (key2 e lambda exp_abs most_l most_o most_v k (computed k) w w (fun c => rounded (w * value k c))) as K.
    apply K; [simpl; lra|apply exponential_shifted2; assumption| |intros; apply rounded_near2|exact Hv].
    exists w. split; [apply near_self; simpl; lra|]. rewrite Rminus_eq_0, Rabs_R0. apply sizes.
  - apply Forall_app in Hk. destruct Hk as (Hka & Hkb). destruct Hs as (Hsa & Hsb & (Hla & Hoa) & (Hlb & Hob)).
    pose proof (max_format a Hka) as Hfa. pose proof (max_format b Hkb) as Hfb.
    set (m := Rmax (row_m (row_of a)) (row_m (row_of b))).
    assert (format m) as Hfm by (unfold m, Rmax; destruct Rle_dec; assumption).
    assert (row_m (row_of a) <= m) as Hma by apply Rmax_l. assert (row_m (row_of b) <= m) as Hmb by apply Rmax_r.
    set (ra := ex (rounded (row_m (row_of a) - m))). set (rb := ex (rounded (row_m (row_of b) - m))).
    pose proof (moved2 e lambda exp_abs most_l most_o most_v _ _ _ _ _ (state_of (row_of a)) m ra
      (rounded (row_l (row_of a) * ra)) (fun c => rounded (row_o (row_of a) c * ra)) (IHa Hka Hsa) Hma
      (exponential_shifted2 _ _ Hfa Hfm) Hla Hoa (rounded_near2 _) (fun c => rounded_near2 _)) as Ma.
    pose proof (moved2 e lambda exp_abs most_l most_o most_v _ _ _ _ _ (state_of (row_of b)) m rb
      (rounded (row_l (row_of b) * rb)) (fun c => rounded (row_o (row_of b) c * rb)) (IHb Hkb Hsb) Hmb
      (exponential_shifted2 _ _ Hfb Hfm) Hlb Hob (rounded_near2 _) (fun c => rounded_near2 _)) as Mb.
    pose proof (joined2 e lambda exp_abs most_l most_o most_v _ _ _ _ _ _ _ _ _ _ _ _
      (rounded (rounded (row_l (row_of a) * ra) + rounded (row_l (row_of b) * rb)))
      (fun c => rounded (rounded (row_o (row_of a) c * ra) + rounded (row_o (row_of b) c * rb)))
      Ma Mb eq_refl (rounded_near2 _) (fun c => rounded_near2 _)) as J.
    pose proof (leaves_some a). pose proof (leaves_some b).
    simpl leaves. simpl depth. rewrite app_length.
    replace (S (Nat.max (depth a) (depth b))) with (Nat.max (S (depth a)) (S (depth b))) at 1 by lia.
    replace (1 + 2 * S (Nat.max (depth a) (depth b)))%nat
      with (S (Nat.max (S (1 + 2 * depth a)) (S (1 + 2 * depth b)))) by lia.
    replace (2 * S (Nat.max (depth a) (depth b)))%nat
      with (S (Nat.max (S (2 * depth a)) (S (2 * depth b)))) by lia.
    replace (4 * (length (leaves a) + length (leaves b)) - 3)%nat
      with (S (S (4 * length (leaves a) - 3) + S (4 * length (leaves b) - 3))) by lia.
    exact J.
Qed.

Theorem gradual_bound t c : Forall readable (leaves t) -> states_within t -> Forall fits (leaves t) ->
  let r := row_of t in
  let out := rounded (row_o r c / row_l r) in
  let p := softmax (leaves t) in
  let O := sum (fun k => p k * value k c) (leaves t) in
  let A k := exp (alpha k + u * (row_m r - computed k + 2 * 0)) * (1 + eps) ^ (1 + depth t) - 1 in
  let mu := (1 + 0) * (1 + u) ^ (1 + 2 * depth t) - 1 in
  let nu := (1 + u) ^ (2 * depth t) - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) (leaves t) in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) (leaves t) in
  let W := sum (fun k => exp (score k - row_m r)) (leaves t) in
  let events := INR (4 * length (leaves t) - 3) in
  let U_D := events * eta_d lambda exp_abs most_l * growth_d e (depth t) (2 * depth t) / W in
  let U_N := events * eta_n lambda exp_abs most_o most_v * growth_n e (depth t) (1 + 2 * depth t) / W in
  let B := (E + U_N + Rabs O * U_D) / (1 - D - U_D) in
  D + U_D < 1 -> Rabs (out - O) <= B + (Rabs O + B) * u + lambda.
Proof.
  intros Hk Hs Hfits r out p O A0 mu nu E D W events U_D U_N B HD.
  assert (u_s e <= 1) as Hus by (simpl; rewrite u_is; apply (Rmult_le_reg_r (IZR (2 ^ 24))); [apply IZR_lt; reflexivity|];
    rewrite Rinv_l by (apply IZR_neq; discriminate); rewrite Rmult_1_l; apply IZR_le; discriminate).
  pose proof (underflow_bound e lambda exp_abs most_l most_o most_v (errors_nonnegative _ Heps) Hus sizes
    _ _ _ _ _ (state_of r) c (tree_run2 t Hk Hs) Hfits) as H.
  specialize (H HD). change (Rabs (row_o r c / row_l r - O) <= B) in H.
  unfold out. destruct (rounded_near2 (row_o r c / row_l r)) as (y & (d & Hd & ->) & Hy).
  set (q := row_o r c / row_l r) in *.
  replace (rounded q - O) with ((q - O) + (O + (q - O)) * d + (rounded q - q * (1 + d))) by ring.
  apply abs_le_add; [|exact Hy]. apply abs_le_add; [exact H|].
  apply abs_le_mul; [apply abs_le_add; [apply Rle_refl|exact H]|exact Hd].
Qed.
End Gradual.
