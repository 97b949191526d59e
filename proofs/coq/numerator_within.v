(* |o| <= l for values within 1, in every format, for every number of keys and every sign.

   A format is any radix and exponent function of Flocq, with any monotone rounding that is odd: to nearest even, toward
   zero, away from it, in bounded or unbounded range of exponents below; overflow is left out. An exponential is any
   function whose values at x <= 0 are numbers of the format in [0, 1]. A row is read key by key (loop) or as a tree of merges. *)
From Coq Require Import Reals List ZArith Lra Lia Psatz.
From Flocq Require Import Core.
From Attest Require Import program.
Import ListNotations.
Open Scope R_scope.

Section Format.
Variables (beta : radix) (fexp : Z -> Z) (rnd : R -> Z).
Context {valid_exponents : Valid_exp fexp} {monotone : Valid_rnd rnd}.
Let rounded := round beta fexp rnd.
Hypothesis odd : forall x, rounded (- x) = - rounded x.
Variables (ex : R -> R).
Hypothesis ex_within : forall x, x <= 0 -> 0 <= ex x <= 1 /\ rounded (ex x) = ex x.

Let A : arithmetic R := {|
  max := Rmax; sub x y := rounded (x - y); exponential := ex; probability x := x;
  add x y := rounded (x + y); mul x y := rounded (x * y); div x y := rounded (x / y) |}.

Variables (K : Type) (score_of : K -> R) (value_of : K -> nat -> R).
Hypothesis values_within : forall k c, Rabs (value_of k c) <= 1.

Definition held (r : row R) := 0 <= row_l r /\ forall c, Rabs (row_o r c) <= row_l r.

Lemma rounded_within x y : Rabs x <= y -> Rabs (rounded x) <= rounded y.
Proof.
  intros H. apply Rabs_le. rewrite <- odd.
  assert (- y <= x <= y) as [] by (unfold Rabs in H; destruct (Rcase_abs x); lra).
  split; apply round_le; assumption.
Qed.

Lemma rounded_nonnegative x : 0 <= x -> 0 <= rounded x.
Proof. intros H. rewrite <- (round_0 beta fexp rnd). apply round_le; assumption. Qed.

Lemma product_within x l f : Rabs x <= l -> 0 <= f -> Rabs (rounded (x * f)) <= rounded (l * f).
Proof.
  intros. apply rounded_within. rewrite Rabs_mult, (Rabs_pos_eq f) by assumption.
  apply Rmult_le_compat_r; assumption.
Qed.

Lemma sum_within x y a b : Rabs x <= a -> Rabs y <= b -> Rabs (rounded (x + y)) <= rounded (a + b).
Proof. intros. apply rounded_within. eapply Rle_trans; [apply Rabs_triang|lra]. Qed.

Lemma difference_exponential x m : x <= m -> 0 <= ex (rounded (x - m)) <= 1 /\ rounded (ex (rounded (x - m))) = ex (rounded (x - m)).
Proof. intros. apply ex_within. rewrite <- (round_0 beta fexp rnd). apply round_le; try assumption. lra. Qed.

Lemma key_within k c x : 0 <= x <= 1 -> rounded x = x -> Rabs (rounded (x * value_of k c)) <= x.
Proof.
  intros Hx Hr. rewrite <- Hr at 2. apply rounded_within. rewrite Rabs_mult, (Rabs_pos_eq x) by lra.
  pose proof (values_within k c). pose proof (Rabs_pos (value_of k c)). nra.
Qed.

Lemma accumulate_held r k : score_of k <= row_m r -> held r -> held (accumulate_key A score_of value_of r k).
Proof.
  intros Hk (Hl & Ho). destruct (difference_exponential _ _ Hk) as [Hx Hr]. split; simpl.
  - apply rounded_nonnegative. lra.
  - intros c. apply sum_within; [apply Ho|apply key_within; assumption].
Qed.

Lemma accumulate_all_held ks : forall r, Forall (fun k => score_of k <= row_m r) ks -> held r ->
  held (fold_left (accumulate_key A score_of value_of) ks r).
Proof.
  induction ks as [|k ks IH]; simpl; auto. intros r Hks Hr. inversion_clear Hks.
  apply IH; [assumption|apply accumulate_held; assumption].
Qed.

Lemma running_max_above ks : forall m, m <= running_max A score_of m ks /\
  Forall (fun k => score_of k <= running_max A score_of m ks) ks.
Proof.
  unfold running_max. induction ks as [|k ks IH]; simpl; intros m; [split; [lra|constructor]|].
  destruct (IH (Rmax m (score_of k))) as [Hm Hks].
  split; [eapply Rle_trans; [apply Rmax_l|exact Hm]|].
  constructor; [eapply Rle_trans; [apply Rmax_r|exact Hm]|exact Hks].
Qed.

Lemma block_held k ks : held (block A score_of value_of k ks).
Proof.
  destruct (running_max_above ks (score_of k)) as [Hm Hks]. destruct (difference_exponential _ _ Hm) as [Hx Hr].
  apply accumulate_all_held; [assumption|]. split; simpl; [lra|]. intros c. apply key_within; assumption.
Qed.

Lemma absorb_held r ks : held r -> held (absorb A score_of value_of r ks).
Proof.
  intros (Hl & Ho). destruct (running_max_above ks (row_m r)) as [Hm Hks].
  destruct (difference_exponential _ _ Hm) as [Hx _].
  apply accumulate_all_held; [assumption|]. split; simpl.
  - apply rounded_nonnegative. apply Rmult_le_pos; lra.
  - intros c. apply product_within; [apply Ho|lra].
Qed.

Lemma absorb_all_held tiles : forall r, held r -> held (fold_left (absorb A score_of value_of) tiles r).
Proof. induction tiles; simpl; auto using absorb_held. Qed.

Lemma merge_held a b : held a -> held b -> held (merge A a b).
Proof.
  intros (Hla & Hoa) (Hlb & Hob).
  destruct (difference_exponential _ _ (Rmax_l (row_m a) (row_m b))) as [[Ha _] _].
  destruct (difference_exponential _ _ (Rmax_r (row_m a) (row_m b))) as [[Hb _] _]. split; simpl.
  - apply rounded_nonnegative. apply Rplus_le_le_0_compat; apply rounded_nonnegative, Rmult_le_pos; assumption.
  - intros c. apply sum_within; apply product_within; auto.
Qed.

(* Tiles of any sizes, one key each being the loop key by key. *)
Theorem numerator_within_tiles k first tiles c :
  let r := absorb_tiles A score_of value_of k first tiles in Rabs (row_o r c) <= row_l r.
Proof. apply absorb_all_held, block_held. Qed.

Theorem numerator_within_tree t c :
  let r := merge_tree A score_of value_of t in Rabs (row_o r c) <= row_l r.
Proof.
  assert (held (merge_tree A score_of value_of t)) as [_ H]; [|apply H].
  induction t; simpl; auto using block_held, merge_held.
Qed.
End Format.

(* The formats of IEEE 754 with gradual underflow, to nearest even. *)
Theorem numerator_within_ieee (prec emin : Z) (Hprec : (0 < prec)%Z) (ex : R -> R)
  (K : Type) (score_of : K -> R) (value_of : K -> nat -> R) k first tiles c :
  let rounded := round radix2 (FLT_exp emin prec) ZnearestE in
  (forall x, x <= 0 -> 0 <= ex x <= 1 /\ rounded (ex x) = ex x) ->
  (forall k c, Rabs (value_of k c) <= 1) ->
  let A := {| max := Rmax; sub x y := rounded (x - y); exponential := ex; probability x := x;
              add x y := rounded (x + y); mul x y := rounded (x * y); div x y := rounded (x / y) |} in
  let r := absorb_tiles A score_of value_of k first tiles in Rabs (row_o r c) <= row_l r.
Proof.
  intros rounded Hex Hv. assert (Prec_gt_0 prec) by exact Hprec.
  apply numerator_within_tiles; auto with typeclass_instances.
  intros x. apply round_NE_opp.
Qed.
