(* The bound for FlashAttention's loop: tiles that are absorbed at the running maximum, a sink, a lagging shift.

   The program's own loop (program.v) makes at most one move a tile, and a rounding of both sums a key and a move: with T
   tiles after the first and n keys, R = T, h_N = n + T, h_D = n - 1 + T, as docs/bound-derivation.md counts them for
   sums in any order. *)
From Coq Require Import Reals List Lra Lia Psatz.
From Attest Require Import sums factors runs bound program score_tree.
Import ListNotations.
Open Scope R_scope.

Section Absorb.
Variables (e : errors) (A : arithmetic R).
Hypothesis He : nonnegative e.
Hypothesis HA : accurate e A.
Local Notation below m := (fun k => computed k - m <= tau e).

Lemma accumulate_run rs hN hD ks r k : run e rs hN hD ks (state_of r) -> (1 <= hN)%nat -> below (row_m r) k ->
  run e rs (S hN) (S hD) (ks ++ [k]) (state_of (accumulate_key A computed value r k)).
Proof.
  intros Hr HN Hk.
  pose proof (one_key e k (row_m r) _ _ (fun c => mul A (probability A (exponential A (sub A (computed k) (row_m r)))) (value k c))
    Hk (accurate_shifted e A (computed k) (row_m r) HA) (probability_near _ _ HA _)
    (fun c => proj1 (mul_near _ _ HA _ _))) as Hone.
  pose proof (joined e _ _ _ _ _ _ _ _ _ _ _ (row_o (accumulate_key A computed value r k)) Hr Hone eq_refl
    (proj2 (add_near _ _ HA _ _)) (fun c => proj1 (add_near _ _ HA _ _))) as H.
  replace (S hN) with (S (Nat.max hN 1)) by lia. replace (S hD) with (S (Nat.max hD 0)) by lia.
  replace rs with (Nat.max rs 0) by lia. exact H.
Qed.

Lemma accumulate_all_run tile : forall rs hN hD ks r, run e rs hN hD ks (state_of r) -> (1 <= hN)%nat ->
  Forall (below (row_m r)) tile ->
  run e rs (length tile + hN) (length tile + hD) (ks ++ tile)
    (state_of (fold_left (accumulate_key A computed value) tile r)).
Proof.
  induction tile as [|k tile IH]; simpl; intros rs hN hD ks r Hr HN Ht; [rewrite app_nil_r; assumption|].
  inversion_clear Ht as [|? ? Hk Hks].
  pose proof (IH _ _ _ _ _ (accumulate_run _ _ _ _ _ _ Hr HN Hk) ltac:(lia) Hks) as H.
  rewrite <- app_assoc in H. simpl in H.
  replace (S (length tile + hN)) with (length tile + S hN)%nat by lia.
  replace (S (length tile + hD)) with (length tile + S hD)%nat by lia. exact H.
Qed.

Lemma running_max_above ks : forall m, m <= running_max A computed m ks /\
  Forall (below (running_max A computed m ks)) ks /\
  (running_max A computed m ks = m \/ exists k, In k ks /\ running_max A computed m ks = computed k).
Proof.
  pose proof He as (_&_&_&_&_&Htau).
  unfold running_max. induction ks as [|k ks IH]; simpl; intros m; [repeat split; auto; apply Rle_refl|].
  rewrite (max_exact _ _ HA).
  destruct (IH (Rmax m (computed k))) as (Hm & Hks & Hin).
  pose proof (Rmax_l m (computed k)). pose proof (Rmax_r m (computed k)).
  split; [lra|]. split; [constructor; [lra|assumption]|].
  destruct Hin as [-> | (k' & Hk' & ->)]; [|right; exists k'; auto].
  unfold Rmax. destruct (Rle_dec m (computed k)); [right; exists k; auto|left; reflexivity].
Qed.

(* A tile at any larger shift that its keys exceed by at most tau: the lazy rescale of FlashAttention-4 too. *)
Theorem absorb_at_run rs hN hD ks r m tile : run e rs hN hD ks (state_of r) -> row_m r <= m ->
  Forall (below m) tile ->
  let f := exponential A (sub A (row_m r) m) in
  run e (S rs) (length tile + S hN) (length tile + S hD) (ks ++ tile)
    (state_of (fold_left (accumulate_key A computed value) tile
       (Row m (mul A (row_l r) f) (fun c => mul A (row_o r c) f)))).
Proof.
  intros Hr Hm Ht f. apply accumulate_all_run; [|lia|exact Ht].
  apply (moved e _ _ _ _ (state_of r) m f); [exact Hr|exact Hm|apply accurate_shifted; exact HA|..]; intros; apply HA.
Qed.

Lemma absorb_run rs hN hD ks r tile : run e rs hN hD ks (state_of r) ->
  run e (S rs) (length tile + S hN) (length tile + S hD) (ks ++ tile) (state_of (absorb A computed value r tile)).
Proof. intros Hr. destruct (running_max_above tile (row_m r)) as (Hm & Ht & _). apply absorb_at_run; assumption. Qed.

Lemma block_run k ks :
  run e 0 (length ks + 1) (length ks) (k :: ks) (state_of (block A computed value k ks)).
Proof.
  destruct (running_max_above ks (computed k)) as (Hm & Ht & _). pose proof He as (_&_&_&_&_&Htau).
  replace (length ks) with (length ks + 0)%nat at 2 by lia.
  apply (accumulate_all_run ks 0 1 0 [k]); [|lia|exact Ht].
  eapply one_key; [simpl; lra|apply accurate_shifted; exact HA|apply HA|intros; apply HA].
Qed.

Lemma absorb_tiles_run tiles : forall rs hN hD ks r, run e rs hN hD ks (state_of r) ->
  run e (length tiles + rs) (length (concat tiles) + length tiles + hN) (length (concat tiles) + length tiles + hD)
    (ks ++ concat tiles) (state_of (fold_left (absorb A computed value) tiles r)).
Proof.
  induction tiles as [|tile tiles IH]; simpl; intros rs hN hD ks r Hr; [rewrite app_nil_r; assumption|].
  pose proof (IH _ _ _ _ _ (absorb_run _ _ _ _ _ tile Hr)) as H.
  rewrite <- app_assoc in H. rewrite app_length.
  replace (S (length tiles + rs)) with (length tiles + S rs)%nat by lia.
  replace (length tile + length (concat tiles) + S (length tiles) + hN)%nat
    with (length (concat tiles) + length tiles + (length tile + S hN))%nat by lia.
  replace (length tile + length (concat tiles) + S (length tiles) + hD)%nat
    with (length (concat tiles) + length tiles + (length tile + S hD))%nat by lia.
  exact H.
Qed.
End Absorb.

(* A sink adds its weight to the denominator alone: it is a key of value 0. *)
Theorem sink_run e rs hN hD ks a k w y : run e rs hN hD ks a -> nonnegative e ->
  (forall c, value k c = 0) -> computed k - shift a <= tau e -> shifted e (computed k) (shift a) w ->
  near (u_d e) (l a + w) y ->
  run e rs (S hN) (S hD) (ks ++ [k]) (State (shift a) y (o a)).
Proof.
  intros Hr (?&?&?&?&?&?) Hv Ht Hw Hy.
  pose proof (one_key_fused e k (shift a) w w Ht Hw (near_self (u_p e) w ltac:(assumption))) as Hone.
  assert (forall c, near (u_n e) (o a c + w * value k c) (o a c)) as Ho.
  { intros c. rewrite Hv, Rmult_0_r, Rplus_0_r. apply near_self; assumption. }
  pose proof (joined e _ _ _ _ _ _ _ _ _ _ y (o a) Hr Hone eq_refl Hy Ho) as H'.
  rewrite !Nat.max_0_r in H'. exact H'.
Qed.

Theorem tiles_bound (e : errors) (A : arithmetic R) k first tiles c :
  let ks := (k :: first) ++ concat tiles in
  let T := length tiles in
  let n := length ks in
  let a := absorb_tiles A computed value k first tiles in
  nonnegative e -> accurate e A -> Forall fits ks ->
  let p := softmax ks in
  let O := sum (fun k => p k * value k c) ks in
  let A k := exp (alpha k + u_s e * (row_m a - computed k + 2 * tau e)) * (1 + eps e) ^ (1 + T) - 1 in
  let mu := (1 + u_p e) * (1 + u_n e) ^ (n + T) - 1 in
  let nu := (1 + u_d e) ^ (n - 1 + T) - 1 in
  let E := sum (fun k => p k * (A k * Rabs (value k c - O)
                                + (1 + A k) * (mu * Rabs (value k c) + nu * Rabs O))) ks in
  let D := sum (fun k => p k * (A k + (1 + A k) * nu)) ks in
  D < 1 -> Rabs (row_o a c / row_l a - O) <= E / (1 - D).
Proof.
  intros ks T n a He HA Hfits.
  pose proof (absorb_tiles_run e A He HA tiles _ _ _ _ _ (block_run e A He HA k first)) as H.
  apply (bound e T (n + T) (n - 1 + T) ks (state_of a) c He); [|exact Hfits].
  unfold ks, n, T, a in *. simpl app in *. simpl length. rewrite app_length.
  replace (S (length first + length (concat tiles)) + length tiles)%nat
    with (length (concat tiles) + length tiles + (length first + 1))%nat by lia.
  replace (S (length first + length (concat tiles)) - 1 + length tiles)%nat
    with (length (concat tiles) + length tiles + length first)%nat by lia.
  replace (length tiles) with (length tiles + 0)%nat at 1 by lia. exact H.
Qed.
