(* In exact numbers: what a row of the program represents, and that every schedule gives softmax attention.

   A row represents keys when its sums are those of the keys, under its shift; finalize then gives their softmax mean.
   The schedules are those of src/attention/schedule.hpp, run as run.hpp does, with masked keys left out. *)
From Coq Require Import Reals List Lra Lia.
From Attest Require Import sums program.
Import ListNotations.
Open Scope R_scope.

Definition exact : arithmetic R := {|
  max := Rmax; sub := Rminus; exponential := exp; probability x := x; add := Rplus; mul := Rmult; div := Rdiv |}.

Section Exact.
Context {K : Type} (score_of : K -> R) (value_of : K -> nat -> R).

(* The definition of softmax attention. *)
Definition mean (ks : list K) c :=
  sum (fun k => exp (score_of k) * value_of k c) ks / sum (fun k => exp (score_of k)) ks.

Definition represents (r : row R) (ks : list K) :=
  row_l r = sum (fun k => exp (score_of k - row_m r)) ks /\
  forall c, row_o r c = sum (fun k => exp (score_of k - row_m r) * value_of k c) ks.

Definition output (r : row R) c := div exact (row_o r c) (row_l r).

Theorem output_is_mean r ks c : represents r ks -> ks <> [] -> output r c = mean ks c.
Proof.
  intros (Hl & Ho) Hne. unfold output, mean. simpl. rewrite Hl, Ho.
  assert (forall k, exp (score_of k - row_m r) = exp (- row_m r) * exp (score_of k)) as He
    by (intros; rewrite <- exp_plus; f_equal; ring).
  rewrite (sum_ext (fun k => exp (score_of k - row_m r) * value_of k c)
             (fun k => exp (- row_m r) * (exp (score_of k) * value_of k c))) by (intros; rewrite He; ring).
  rewrite (sum_ext (fun k => exp (score_of k - row_m r)) (fun k => exp (- row_m r) * exp (score_of k)))
    by (intros; apply He).
  rewrite !sum_scale.
  assert (0 < sum (fun k => exp (score_of k)) ks) by (apply sum_positive; [assumption|intros; apply exp_pos]).
  pose proof (exp_pos (- row_m r)). field. lra.
Qed.

Lemma shift_sum m m' (f : K -> R) ks :
  sum (fun k => exp (score_of k - m) * f k) ks * exp (m - m') = sum (fun k => exp (score_of k - m') * f k) ks.
Proof.
  rewrite Rmult_comm, <- sum_scale. apply sum_ext. intros k _.
  rewrite <- Rmult_assoc, <- exp_plus. f_equal. f_equal. ring.
Qed.

Lemma shift_weights m m' ks :
  sum (fun k => exp (score_of k - m)) ks * exp (m - m') = sum (fun k => exp (score_of k - m')) ks.
Proof.
  pose proof (shift_sum m m' (fun _ => 1) ks) as H.
  rewrite !(sum_ext (fun k => exp (score_of k - _) * 1) (fun k => exp (score_of k - _))) in H by (intros; ring).
  exact H.
Qed.

Lemma accumulate_represents r ks k : represents r ks ->
  represents (accumulate_key exact score_of value_of r k) (ks ++ [k]).
Proof.
  intros (Hl & Ho). split; simpl; [|intros c]; rewrite sum_app; [rewrite Hl|rewrite Ho]; simpl; ring.
Qed.

Lemma accumulate_all_represents tile : forall r ks, represents r ks ->
  represents (fold_left (accumulate_key exact score_of value_of) tile r) (ks ++ tile).
Proof.
  induction tile as [|k tile IH]; simpl; intros r ks H; [rewrite app_nil_r; assumption|].
  apply (accumulate_represents _ _ k), IH in H. rewrite <- app_assoc in H. exact H.
Qed.

Lemma block_represents k ks : represents (block exact score_of value_of k ks) (k :: ks).
Proof.
  apply (accumulate_all_represents ks _ [k]). split; simpl; [|intros c]; ring.
Qed.

Lemma rescaled_represents r ks m f : represents r ks -> f = exp (row_m r - m) ->
  represents (Row m (row_l r * f) (fun c => row_o r c * f)) ks.
Proof.
  intros (Hl & Ho) ->. split; simpl; [rewrite Hl; apply shift_weights|].
  intros c. rewrite Ho. apply (shift_sum _ _ (fun k => value_of k c)).
Qed.

Lemma absorb_represents r ks tile : represents r ks ->
  represents (absorb exact score_of value_of r tile) (ks ++ tile).
Proof. intros H. apply accumulate_all_represents. apply rescaled_represents; [assumption|reflexivity]. Qed.

Lemma merge_represents a ks b ks' : represents a ks -> represents b ks' -> represents (merge exact a b) (ks ++ ks').
Proof.
  intros (Hla & Hoa) (Hlb & Hob). split; simpl; [|intros c]; rewrite sum_app.
  - rewrite Hla, Hlb, !shift_weights. reflexivity.
  - rewrite Hoa, Hob, !(shift_sum _ _ (fun k => value_of k c)). reflexivity.
Qed.

Lemma step_represents r ks k : represents r ks -> represents (step exact score_of value_of r k) (ks ++ [k]).
Proof. intros. apply merge_represents; [assumption|apply block_represents]. Qed.

Lemma steps_represent more : forall r ks, represents r ks ->
  represents (fold_left (step exact score_of value_of) more r) (ks ++ more).
Proof.
  induction more as [|k more IH]; simpl; intros r ks H; [rewrite app_nil_r; assumption|].
  apply (step_represents _ _ k), IH in H. rewrite <- app_assoc in H. exact H.
Qed.
End Exact.

(* schedule.hpp: a tile of keys begin .. end-1, or parts that are merged from left to right. *)
Inductive schedule := tile (first last : nat) | parts (ps : list schedule).

Fixpoint covered (s : schedule) : list nat :=
  match s with tile first last => seq first (last - first) | parts ps => flat_map covered ps end.

Section Run.
Variables (score_of : nat -> R) (value_of : nat -> nat -> R) (visible : nat -> bool).

Definition merge_some (a b : option (row R)) :=
  match a, b with None, _ => b | _, None => a | Some a, Some b => Some (merge exact a b) end.

Fixpoint run (s : schedule) : option (row R) :=
  match s with
  | tile first last =>
    match filter visible (seq first (last - first)) with
    | [] => None
    | k :: ks => Some (block exact score_of value_of k ks)
    end
  | parts ps => fold_left (fun state p => merge_some state (run p)) ps None
  end.

Definition represents_some (r : option (row R)) (ks : list nat) :=
  match r with None => ks = [] | Some r => ks <> [] /\ represents score_of value_of r ks end.

Lemma merge_some_represents a ks b ks' : represents_some a ks -> represents_some b ks' ->
  represents_some (merge_some a b) (ks ++ ks').
Proof.
  destruct a as [a|], b as [b|]; simpl; intros Ha Hb; subst; rewrite ?app_nil_r; auto.
  destruct Ha, Hb. split; [destruct ks; [contradiction|discriminate]|]. apply merge_represents; assumption.
Qed.

(* Every schedule, any mask: a row's state is that of the visible keys that the schedule covers. *)
Theorem every_schedule_represents : forall s, represents_some (run s) (filter visible (covered s)).
Proof.
  fix IH 1. intros [first last | ps]; simpl.
  - destruct (filter visible (seq first (last - first))) as [|k ks]; simpl; [reflexivity|].
    split; [discriminate|apply block_represents].
  - assert (forall state ks, represents_some state ks -> represents_some
      (fold_left (fun state p => merge_some state (run p)) ps state) (ks ++ filter visible (flat_map covered ps))) as H.
    { induction ps as [|p ps IHps]; simpl; intros state ks H; [rewrite app_nil_r; assumption|].
      rewrite filter_app, app_assoc. apply IHps. apply merge_some_represents; [assumption|apply IH]. }
    apply (H None []). reflexivity.
Qed.
End Run.
